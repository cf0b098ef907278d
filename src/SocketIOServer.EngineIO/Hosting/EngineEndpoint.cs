using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;

namespace SocketIOServer.EngineIO.Hosting;

/// <summary>Maps an engine server to a path.</summary>
internal static class EngineEndpoint
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, RequestDelegate serve)
    {
        return endpoints.Map(pattern.TrimEnd('/') + "/{**rest}", Serve)
            .WithDisplayName($"Socket.IO {pattern}")
            // A poll waits until there is something to send.
            .WithMetadata(new DisableRequestTimeoutAttribute())
            // A cached handshake would put two clients into one session. The output cache does not check response headers.
            .WithMetadata(new OutputCacheAttribute { NoStore = true });

        Task Serve(HttpContext context)
        {
            // Clients request "/socket.io/". Nothing is served below that path.
            if (context.Request.RouteValues["rest"] is null or "")
            {
                // Middleware that runs before routing does not see the metadata of the endpoint.
                context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
                if (context.Features.Get<IOutputCacheFeature>() is { } cache) cache.Context.AllowCacheStorage = false;
                return serve(context);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
    }
}
