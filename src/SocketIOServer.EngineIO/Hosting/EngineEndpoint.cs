using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SocketIOServer.EngineIO.Hosting;

/// <summary>Puts an engine server on a path.</summary>
internal static class EngineEndpoint
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, RequestDelegate serve)
    {
        return endpoints.Map(pattern.TrimEnd('/') + "/{**rest}", Serve).WithDisplayName($"Socket.IO {pattern}");

        Task Serve(HttpContext context)
        {
            // The clients ask for "/socket.io/"; below it lies nothing.
            if (context.Request.RouteValues["rest"] is null or "") return serve(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
    }
}
