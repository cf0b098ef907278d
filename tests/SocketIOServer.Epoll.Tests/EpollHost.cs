using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Epoll.Tests;

/// <summary>A real Kestrel on two epoll loops, with one handler for all requests or all connections.</summary>
internal sealed class EpollHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EpollHost(WebApplication app, LogCollector log)
    {
        _app = app;
        Log = log;
    }

    public LogCollector Log { get; }

    public IServiceProvider Services => _app.Services;

    public IReadOnlyList<Uri> Addresses =>
        [.. Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    /// <summary>The first of them.</summary>
    public Uri Address => Addresses[0];

    /// <param name="handle">Answers requests.</param>
    /// <param name="options">Changes those of the transport.</param>
    /// <param name="kestrel">Binds endpoints instead of a free port of the loopback, and changes limits.</param>
    public static async Task<EpollHost> StartAsync(RequestDelegate handle, Action<EpollOptions>? options = null, Action<KestrelServerOptions>? kestrel = null)
    {
        var log = new LogCollector();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseEpoll(epoll =>
        {
            epoll.Loops = 2;
            options?.Invoke(epoll);
        });
        if (kestrel is not null) builder.WebHost.ConfigureKestrel(kestrel);
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Information);
        var app = builder.Build();
        app.Run(handle);
        var host = new EpollHost(app, log);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return host;
    }

    /// <param name="handle">Has each connection to itself, without HTTP.</param>
    /// <param name="options">Changes those of the transport.</param>
    public static Task<EpollHost> StartBareAsync(Func<ConnectionContext, Task> handle, Action<EpollOptions>? options = null) =>
        StartAsync(
            _ => Task.CompletedTask,
            options,
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Run(connection => handle(connection))));

    public Task<RawConnection> OpenAsync() => RawConnection.OpenAsync(Address);

    /// <summary>The body of the answer to a request on a connection of its own.</summary>
    public async Task<string> GetAsync(string path = "/", Uri? address = null)
    {
        await using var raw = await RawConnection.OpenAsync(address ?? Address);
        await raw.GetAsync(path);
        return await raw.ReadBodyAsync();
    }

    public Task StopAsync() => _app.StopAsync();

    /// <summary>Without a stop before it.</summary>
    public ValueTask DropAsync() => _app.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
