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
    /// Serves Socket.IO clients on a path, over polling and WebSocket. The handlers that are declared on the result belong to the default namespace.
    /// Endpoint conventions such as RequireAuthorization, RequireCors and RequireHost act on the HTTP requests of all clients.
    /// </summary>
    /// <param name="endpoints">The routes of the application.</param>
    /// <param name="pattern">The path. Clients use "/socket.io" by default. One server may be mapped to several paths.</param>
    /// <param name="name">The name that was given to AddSocketIO. Default null: the server without a name.</param>
    /// <returns>The builder of the default namespace and of the endpoint.</returns>
    /// <exception cref="InvalidOperationException">AddSocketIO was not called, or the server has that path already. Two servers on one path and one host are refused when the host starts.</exception>
    public static SocketEndpointBuilder MapSocketIO(this IEndpointRouteBuilder endpoints, string pattern = "/socket.io", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var services = endpoints.ServiceProvider;
        var server = ServerOf(services, name, nameof(MapSocketIO));
        services.GetRequiredService<SocketServers>().AddPath(endpoints, pattern, server);
        var engine = server.CreateEngine();
        var lifetime = services.GetService<IHostApplicationLifetime>();
        lifetime?.ApplicationStopping.Register(() => server.OnStopping(engine));
        var mapped = new List<IEndpointConventionBuilder>();
        if (server.Options.ClientFiles is { } folder) mapped.AddRange(ClientFiles.Map(endpoints, pattern, folder));
        if (services.GetService<IWebHostEnvironment>()?.IsDevelopment() == true)
        {
            mapped.Add(ServerInfo.Map(endpoints, $"{pattern.TrimEnd('/')}/info", server));
            // A server that is mapped to several paths has the same handlers on each.
            if (server.Engines.Length == 1) lifetime?.ApplicationStarted.Register(() => HandlerList.Write(server, pattern));
        }

        mapped.Add(EngineEndpoint.Map(endpoints, pattern, context => HttpSession.ServeAsync(context, server, engine)).WithMetadata(server));
        return new SocketEndpointBuilder(server, new AllConventions(mapped));
    }

    /// <summary>
    /// Serves a JSON description of a Socket.IO server: its version, protocols, transports, namespaces and number of connections. In Development
    /// <see cref="MapSocketIO"/> serves it at "/info" below its own path. In other environments this method maps it, which includes <c>dotnet run app.cs</c>
    /// without <c>--environment Development</c>.
    /// </summary>
    /// <remarks>Everyone who can send the request can read it. Restrict it with RequireAuthorization or RequireHost where that is not wanted.</remarks>
    /// <param name="endpoints">The routes of the application.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="name">The name that was given to AddSocketIO. Default null: the server without a name.</param>
    /// <exception cref="InvalidOperationException">AddSocketIO was not called.</exception>
    /// <example><code>app.MapSocketIOInfo().RequireAuthorization("Operators");</code></example>
    public static IEndpointConventionBuilder MapSocketIOInfo(this IEndpointRouteBuilder endpoints, string pattern = "/socket.io/info", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        // In Development MapSocketIO may have mapped the same path: this endpoint, with its conventions, is the one that counts.
        return ServerInfo.Map(endpoints, pattern, ServerOf(endpoints.ServiceProvider, name, nameof(MapSocketIOInfo))).WithOrder(-1);
    }

    private static SocketServer ServerOf(IServiceProvider services, string? name, string method) =>
        (name is null ? services.GetService<SocketServer>() : services.GetKeyedService<SocketServer>(name))
        ?? throw new InvalidOperationException($"Call builder.Services.AddSocketIO({(name is null ? "" : $"\"{name}\"")}) before {method}().");
}
