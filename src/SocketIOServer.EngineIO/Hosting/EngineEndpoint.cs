using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SocketIOServer.EngineIO.Hosting;

/// <summary>Puts an engine server on a path.</summary>
internal static class EngineEndpoint
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, RequestDelegate serve)
    {
        var pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets();
        pipeline.Run(context =>
        {
            // The clients ask for "/socket.io/"; below it lies nothing.
            if (context.Request.RouteValues["rest"] is not (null or ""))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            return serve(context);
        });
        return endpoints.Map(pattern.TrimEnd('/') + "/{**rest}", pipeline.Build()).WithDisplayName($"Socket.IO {pattern}");
    }
}
