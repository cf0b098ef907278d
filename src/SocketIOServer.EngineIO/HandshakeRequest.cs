using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace SocketIOServer.EngineIO;

/// <summary>What a session keeps of its first request. The request itself may be over and its context in other hands.</summary>
internal sealed class HandshakeRequest
{
    private readonly KeyValuePair<string, StringValues>[] _headers;

    public HandshakeRequest(HttpContext context, DateTimeOffset time)
    {
        var request = context.Request;
        _headers = [.. request.Headers];
        QueryString = request.QueryString;
        Url = request.PathBase.Add(request.Path).Value + request.QueryString;
        Address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        IsSecure = request.IsHttps;
        User = context.User;
        Time = time;
    }

    public QueryString QueryString { get; }

    public string Url { get; }

    public string Address { get; }

    public bool IsSecure { get; }

    public ClaimsPrincipal User { get; }

    public DateTimeOffset Time { get; }

    public IHeaderDictionary CreateHeaders()
    {
        var headers = new HeaderDictionary(_headers.Length);
        foreach (var (name, value) in _headers) headers[name] = value;
        return headers;
    }

    /// <summary>
    /// Whether a later request comes from the same person: an old client's socket id is its session id, and a chat that
    /// shows ids shows those too. Signing in later is no change of person; becoming somebody else is.
    /// </summary>
    public bool IsSamePerson(ClaimsPrincipal user) => Key(User) is not { } key || key == Key(user);

    private static string? Key(ClaimsPrincipal user) =>
        user.Identity is { IsAuthenticated: true } identity
            ? user.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? identity.Name
            : null;
}
