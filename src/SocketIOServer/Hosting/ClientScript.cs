using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Hosting;

/// <summary>The client's script below the server's own path.</summary>
internal static class ClientScript
{
    private static readonly string[] Names = ["socket.io.js", "socket.io.min.js"];

    public static void Map(IEndpointRouteBuilder endpoints, string pattern, string file)
    {
        var root = endpoints.ServiceProvider.GetService<IWebHostEnvironment>()?.ContentRootPath ?? "";
        var script = new FileInfo(Path.Combine(root, file));
        if (!script.Exists) throw new FileNotFoundException($"ClientFile \"{file}\" is not there.", script.FullName);
        foreach (var name in Names)
        {
            endpoints.MapMethods($"{pattern.TrimEnd('/')}/{name}", [HttpMethods.Get, HttpMethods.Head], context => Results
                .File(script.FullName, "text/javascript; charset=utf-8", lastModified: script.LastWriteTimeUtc)
                .ExecuteAsync(context));
        }
    }
}
