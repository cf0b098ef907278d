using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.Primitives;

namespace SocketIOServer.EngineIO;

/// <summary>What a session keeps of its first request. The request itself may be over and its context in other hands.</summary>
internal sealed class HandshakeRequest
{
    private readonly KeyValuePair<string, StringValues>[] _headers;
    private readonly PathString _base;
    private readonly PathString _path;
    private ClaimsPrincipal? _user;

    public HandshakeRequest(HttpContext context, DateTimeOffset time)
    {
        var request = context.Request;
        _headers = [.. request.Headers];
        QueryString = request.QueryString;
        _base = request.PathBase;
        _path = request.Path;
        Address = context.Connection.RemoteIpAddress;
        IsSecure = request.IsHttps;
        _user = UserOf(context);
        Time = time;
    }

    public QueryString QueryString { get; }

    public string Url => _base.Add(_path).Value + QueryString;

    public IPAddress? Address { get; }

    public bool IsSecure { get; }

    /// <summary>Nobody's is made when it is asked for, and for each session: a program may add to it.</summary>
    public ClaimsPrincipal User => _user ?? Interlocked.CompareExchange(ref _user, new(new ClaimsIdentity()), null) ?? _user;

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
    public bool IsSamePerson(HttpContext context) => Key(_user) is not { } key || key == Key(UserOf(context));

    // HttpContext.User would make one where there is none, for every connection.
    private static ClaimsPrincipal? UserOf(HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User;

    private static string? Key(ClaimsPrincipal? user) =>
        user?.Identity is { IsAuthenticated: true } identity
            ? user.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? identity.Name
            : null;
}
