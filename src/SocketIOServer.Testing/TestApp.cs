using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SocketIOServer.Testing;

/// <summary>A minimal application for a test host.</summary>
internal static class TestApp
{
    public static IHost Build(Action<SocketServerOptions>? options, Action<IServiceCollection>? services)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new() { ValidateScopes = true }));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<TimeProvider>(new FakeClock());
        builder.Services.AddSocketIO(options);
        // Without it, a handler that waits for the clock would delay the end of its test by half a minute.
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        services?.Invoke(builder.Services);
        return builder.Build();
    }

    public static void Map(SocketServer server, Action<SocketEndpointBuilder> map) => map(new SocketEndpointBuilder(server, new NoEndpoint()));

    // The default lifetime listens for Ctrl+C and would stop together with the test runner.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class NoEndpoint : IEndpointConventionBuilder
    {
        public void Add(Action<EndpointBuilder> convention)
        {
        }
    }
}
