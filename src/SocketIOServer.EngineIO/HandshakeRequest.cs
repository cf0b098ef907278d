using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using SocketIOServer.EngineIO.Hosting;

namespace SocketIOServer.EngineIO;

/// <summary>A copy of what a session needs of its first request. The request might have ended, and its context might already serve another request.</summary>
internal sealed class HandshakeRequest
{
    private readonly KeyValuePair<string, StringValues>[] _headers;
    private readonly PathString _base;
    private readonly PathString _path;
    private readonly string? _person;
    private ClaimsPrincipal? _user;

    /// <param name="context">The request.</param>
    /// <param name="time">The current time.</param>
    /// <param name="options">Contains the application's function for user ids, which can throw.</param>
    /// <param name="keepsCookies">False if the page that sent the cookies must not use them.</param>
    public HandshakeRequest(HttpContext context, DateTimeOffset time, EngineOptions options, bool keepsCookies = true)
    {
        var request = context.Request;
        _headers = keepsCookies ? [.. request.Headers] : [.. request.Headers.Where(static header => !IsCookie(header.Key))];
        QueryString = request.QueryString;
        _base = request.PathBase;
        _path = request.Path;
        Address = context.Connection.RemoteIpAddress;
        IsSecure = WebOrigin.OfPages(request.Scheme).Equals("https", StringComparison.OrdinalIgnoreCase);
        _user = UserOf(context);
        if (_user is not null)
        {
            UserId = options.UserId(_user);
            _person = UserId ?? NameOf(_user);
        }

        Time = time;
    }

    public QueryString QueryString { get; }

    public string Url => _base.Add(_path).Value + QueryString;

    public IPAddress? Address { get; }

    public bool IsSecure { get; }

    /// <summary>
    /// The user. If there is none, an anonymous user is created on first use, for this session alone, because the application might modify it.
    /// </summary>
    public ClaimsPrincipal User => _user ?? Interlocked.CompareExchange(ref _user, new(new ClaimsIdentity()), null) ?? _user;

    /// <summary>The id of the user. Null if there is no user, or if the application has no id for the user.</summary>
    public string? UserId { get; }

    public DateTimeOffset Time { get; }

    /// <summary>The Origin header, or an empty text.</summary>
    public string Origin => Header(HeaderNames.Origin);

    /// <summary>The Host header, or an empty text.</summary>
    public string Host => Header(HeaderNames.Host);

    public IHeaderDictionary CreateHeaders()
    {
        var headers = new HeaderDictionary(_headers.Length);
        foreach (var (name, value) in _headers) headers[name] = value;
        return headers;
    }

    /// <summary>
    /// Returns true if a later request comes from the same user. The socket id of an old client is its session id, so an application that shows socket ids also
    /// shows session ids. Signing in during a session is allowed; changing to another user is not.
    /// </summary>
    /// <param name="context">The later request.</param>
    /// <param name="options">Contains the application's function for user ids, which can throw.</param>
    /// <param name="forwarded">What the server that got the request says about it. Null if it is this one.</param>
    public bool IsSamePerson(HttpContext context, EngineOptions options, ForwardedRequest? forwarded) =>
        _person is null || _person == (forwarded is null ? PersonOf(context, options) : forwarded.Person);

    /// <summary>Whether the session has no user. The credentials of its later requests do not matter then.</summary>
    public bool IsAnonymous => _person is null;

    /// <summary>
    /// Returns true if the browser said that the first request came from the server's own page, and that page has this origin. Later requests can be
    /// WebSockets, for which Chromium does not send Sec-Fetch-Site.
    /// </summary>
    public bool IsOwnPage(string origin)
    {
        if (Header("Sec-Fetch-Site") != "same-origin") return false;
        return origin == (Origin is { Length: > 0 } own ? own : WebOrigin.Of(Header(HeaderNames.Referer)));
    }

    // HttpContext.User would create an anonymous user for every connection.
    public static ClaimsPrincipal? UserOf(HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User;

    /// <summary>Returns the id of the request's user, or the name of a user without an id. Null if there is no user. Throws the exceptions of UserId.</summary>
    public static string? PersonOf(HttpContext context, EngineOptions options) => UserOf(context) is { } user ? options.UserId(user) ?? NameOf(user) : null;

    // A user without an id is identified by name.
    private static string? NameOf(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true } identity ? identity.Name : null;

    private static bool IsCookie(string header) => header.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase);

    private string Header(string name)
    {
        foreach (var (key, value) in _headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return value.ToString();
        }

        return "";
    }
}
