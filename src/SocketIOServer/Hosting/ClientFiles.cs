using System.Security.Cryptography;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace SocketIOServer.Hosting;

/// <summary>Serves the client's scripts below the server's own path, where pages written for Node's server load them.</summary>
internal static class ClientFiles
{
    private const int TagBytes = 12;

    // socket.io 4.8.4, Server.attachServe: these names and their maps, nothing else of the folder.
    private static readonly string[] Scripts = ["socket.io.js", "socket.io.min.js", "socket.io.msgpack.min.js", "socket.io.esm.min.js"];

    /// <summary>Returns the endpoints of the files.</summary>
    public static List<IEndpointConventionBuilder> Map(IEndpointRouteBuilder endpoints, string pattern, string folder)
    {
        var files = new List<IEndpointConventionBuilder>();
        var root = endpoints.ServiceProvider.GetService<IWebHostEnvironment>()?.ContentRootPath ?? "";
        var full = Path.GetFullPath(Path.Combine(root, folder));
        if (!File.Exists(Path.Combine(full, Scripts[0])))
            throw new FileNotFoundException($"The folder ClientFiles (\"{folder}\") has no {Scripts[0]}. Set it to the folder \"dist\" of npm's socket.io-client.", Path.Combine(full, Scripts[0]));
        foreach (var script in Scripts)
        {
            if (MapFile(endpoints, pattern, Path.Combine(full, script), "text/javascript; charset=utf-8") is { } file) files.Add(file);
            if (MapFile(endpoints, pattern, Path.Combine(full, script + ".map"), "application/json; charset=utf-8") is { } map) files.Add(map);
        }

        return files;
    }

    private static IEndpointConventionBuilder? MapFile(IEndpointRouteBuilder endpoints, string pattern, string path, string type)
    {
        // Clients of some versions come without a map or without a module.
        if (!File.Exists(path)) return null;
        // Read once: the tag belongs to these bytes, and a folder may be replaced while the server runs.
        var bytes = File.ReadAllBytes(path);
        var time = File.GetLastWriteTimeUtc(path);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, TagBytes))}\"");
        return endpoints.MapMethods($"{pattern.TrimEnd('/')}/{Path.GetFileName(path)}", [HttpMethods.Get, HttpMethods.Head], context =>
        {
            // As Node's server does: kept by the browser, and asked for again each time.
            context.Response.Headers.CacheControl = "public, max-age=0";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return Results.Bytes(bytes, type, lastModified: time, entityTag: tag).ExecuteAsync(context);
        })
            // They are public in npm, and a script element can send no token.
            .WithMetadata(new AllowAnonymousAttribute());
    }
}
