using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SocketIOServer.Hosting;

/// <summary>
/// Starts the servers with the host, and stops them before Kestrel and the program's services stop: clients get their last packets and the program's code ends. This may take
/// most of HostOptions.ShutdownTimeout, and then what the other services leave of it.
/// </summary>
internal sealed class ServerStop(SocketServers servers, IServiceProvider services, IOptions<HostOptions> options) : IHostedLifecycleService
{
    // The share of ShutdownTimeout until the other services stop. After the first half, clients are no longer sent away in waves, and hooks no longer wait for handlers.
    private const double Share = 0.8;

    // Before Kestrel takes the first request.
    public Task StartingAsync(CancellationToken cancellationToken) => servers.StartAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The routes of the program are complete when its other services have started.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<EndpointDataSource>() is { } routes) servers.CheckPaths(routes);
        // Another kind of web server might not tell.
        servers.CheckStopTime(Limit);
        servers.Announce(services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
        return Task.CompletedTask;
    }

    // If SIGTERM began the stop, ApplicationStopping has fired before this. If the program called StopAsync, it fires afterwards.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        using var first = LimitedBy(Limit / 2, cancellationToken);
        using var all = LimitedBy(Limit, cancellationToken);
        await servers.SendAwayAsync(first.Token);
        var taken = servers.WhenTakenAsync(all.Token);
        await servers.WhenEndedAsync(first.Token);
        servers.RunHooksNow();
        await servers.WhenEndedAsync(all.Token);
        await taken;
        await servers.WhenSavedAsync(all.Token);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await servers.WhenEndedAsync(cancellationToken);
        await servers.WhenSavedAsync(cancellationToken);
        servers.Abandon();
        await servers.LeaveClustersAsync();
    }

    private TimeSpan Limit => options.Value.ShutdownTimeout is var limit && limit != Timeout.InfiniteTimeSpan ? limit * Share : TimeSpan.MaxValue;

    private static CancellationTokenSource LimitedBy(TimeSpan limit, CancellationToken cancel)
    {
        var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (limit < TimeSpan.FromDays(1)) limited.CancelAfter(limit);
        return limited;
    }
}
