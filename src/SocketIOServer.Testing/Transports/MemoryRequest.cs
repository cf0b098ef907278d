using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SocketIOServer.EngineIO;
using SocketIOServer.Hosting;

namespace SocketIOServer.Testing.Transports;

/// <summary>The request with which a session begins.</summary>
internal sealed class MemoryRequest
{
    private const string EngineQuery = "?EIO=4&transport=websocket";

    private readonly DefaultHttpContext _context = new();

    public MemoryRequest(IServiceProvider services, MemoryConnection connection, ClaimsPrincipal? user, string? query, IHeaderDictionary? headers)
    {
        _context.RequestServices = services;
        _context.Features.Set(connection);
        _context.Connection.RemoteIpAddress = IPAddress.Loopback;
        _context.Response.Body = new MemoryStream();
        // Set only if there is a user, because a real anonymous request has no user either.
        if (user is not null) _context.User = user;

        var request = _context.Request;
        request.Method = HttpMethods.Get;
        request.Scheme = "http";
        request.Host = new("localhost");
        request.Path = "/socket.io/";
        request.QueryString = new(string.IsNullOrEmpty(query) ? EngineQuery : $"{EngineQuery}&{query.TrimStart('?', '&')}");
        foreach (var (name, value) in headers ?? new HeaderDictionary()) request.Headers[name] = value;
    }

    /// <summary>Opens a session. Returns null if it is open, otherwise the refusal of the server.</summary>
    public async Task<string?> OpenAsync(SocketServer server, EngineServer engine, MemoryConnection connection)
    {
        var serving = HttpSession.ServeAsync(_context, server, engine);
        if (await Task.WhenAny(connection.Opened, serving) == connection.Opened) return null;
        await serving;
        _context.Response.Body.Position = 0;
        using var answer = await JsonDocument.ParseAsync(_context.Response.Body);
        return answer.RootElement.GetProperty("message").GetString();
    }
}
