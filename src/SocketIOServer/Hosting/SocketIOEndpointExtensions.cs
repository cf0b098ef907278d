using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SocketIOServer;
using SocketIOServer.EngineIO.Hosting;
using SocketIOServer.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts a Socket.IO server on a path.</summary>
public static class SocketIOEndpointExtensions
{
    /// <summary>
    /// Serves Socket.IO clients on a path, WebSockets included. What is declared on the result belongs to the default namespace;
    /// endpoint conventions such as RequireAuthorization, RequireCors and RequireHost act on the clients' HTTP requests.
    /// </summary>
    /// <param name="endpoints">The routes of the application.</param>
    /// <param name="pattern">The path that the clients are given; theirs is "/socket.io" by default.</param>
    /// <exception cref="InvalidOperationException">AddSocketIO was not called.</exception>
    public static ISocketEndpointBuilder MapSocketIO(this IEndpointRouteBuilder endpoints, string pattern = "/socket.io")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var services = endpoints.ServiceProvider;
        var server = services.GetService<SocketServer>() ?? throw new InvalidOperationException("Call builder.Services.AddSocketIO() before MapSocketIO().");
        var engine = server.CreateEngine();
        services.GetService<IHostApplicationLifetime>()?.ApplicationStopping.Register(engine.Stop);
        return new SocketEndpointBuilder(server, EngineEndpoint.Map(endpoints, pattern, engine));
    }
}
