using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;

namespace SocketIOServer.EngineIO.Hosting;

/// <summary>Puts an engine server on a path.</summary>
internal static class EngineEndpoint
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, RequestDelegate serve)
    {
        return endpoints.Map(pattern.TrimEnd('/') + "/{**rest}", Serve)
            .WithDisplayName($"Socket.IO {pattern}")
            // A poll waits for as long as nothing is sent.
            .WithMetadata(new DisableRequestTimeoutAttribute())
            // A cached handshake would put two clients into one session; the cache looks at no header of the answer.
            .WithMetadata(new OutputCacheAttribute { NoStore = true });

        Task Serve(HttpContext context)
        {
            // The clients ask for "/socket.io/"; below it lies nothing.
            if (context.Request.RouteValues["rest"] is null or "")
            {
                // Middleware that stands before routing did not see what the endpoint says.
                context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
                if (context.Features.Get<IOutputCacheFeature>() is { } cache) cache.Context.AllowCacheStorage = false;
                return serve(context);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
    }
}
