using Microsoft.AspNetCore.Hosting;
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
    /// <param name="name">Which server, where AddSocketIO was given a name.</param>
    public static SocketEndpointBuilder MapSocketIO(this IEndpointRouteBuilder endpoints, string pattern = "/socket.io", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var services = endpoints.ServiceProvider;
        var server = (name is null ? services.GetService<SocketServer>() : services.GetKeyedService<SocketServer>(name))
            ?? throw new InvalidOperationException($"Call builder.Services.AddSocketIO({(name is null ? "" : $"\"{name}\"")}) before MapSocketIO().");
        var engine = server.CreateEngine();
        services.GetService<IHostApplicationLifetime>()?.ApplicationStopping.Register(engine.Stop);
        var mapped = new List<IEndpointConventionBuilder>();
        if (server.Options.ClientFiles is { } folder) mapped.AddRange(ClientFiles.Map(endpoints, pattern, folder));
        if (services.GetService<IWebHostEnvironment>()?.IsDevelopment() == true) mapped.Add(ServerInfo.Map(endpoints, pattern, server));
        mapped.Add(EngineEndpoint.Map(endpoints, pattern, context => HttpSession.ServeAsync(context, server, engine)));
        return new SocketEndpointBuilder(server, new AllConventions(mapped));
    }
}
