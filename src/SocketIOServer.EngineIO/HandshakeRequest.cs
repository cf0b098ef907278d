using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace SocketIOServer.EngineIO;

/// <summary>What a session keeps of its first request. The request itself may be over and its context in other hands.</summary>
internal sealed class HandshakeRequest
{
    private readonly KeyValuePair<string, StringValues>[] _headers;
    private readonly PathString _base;
    private readonly PathString _path;
    private readonly string? _person;
    private ClaimsPrincipal? _user;

    /// <param name="context">The request.</param>
    /// <param name="time">Now.</param>
    /// <param name="options">Tell who a user is, by a function of the program's that may throw.</param>
    /// <param name="keepsCookies">False: the page that sent them has no right to them.</param>
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

    /// <summary>Nobody's is made when it is asked for, and for each session: a program may add to it.</summary>
    public ClaimsPrincipal User => _user ?? Interlocked.CompareExchange(ref _user, new(new ClaimsIdentity()), null) ?? _user;

    /// <summary>Null: nobody, or nobody that the program has an id for.</summary>
    public string? UserId { get; }

    public DateTimeOffset Time { get; }

    /// <summary>As the request said it; empty where it said nothing.</summary>
    public string Origin => Header(HeaderNames.Origin);

    /// <summary>As the request said it.</summary>
    public string Host => Header(HeaderNames.Host);

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
    public bool IsSamePerson(HttpContext context, EngineOptions options) => _person is null || _person == PersonOf(UserOf(context), options);

    /// <summary>Nobody's session: another request of it can bring no credentials that would matter.</summary>
    public bool IsAnonymous => _person is null;

    /// <summary>
    /// The browser said that this request came from the server's own page, and the page has this origin. Its later requests may be
    /// WebSockets, of which Chromium does not say so.
    /// </summary>
    public bool IsOwnPage(string origin)
    {
        if (Header("Sec-Fetch-Site") != "same-origin") return false;
        return origin == (Origin is { Length: > 0 } own ? own : WebOrigin.Of(Header(HeaderNames.Referer)));
    }

    // HttpContext.User would make one where there is none, for every connection.
    public static ClaimsPrincipal? UserOf(HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User;

    private static string? PersonOf(ClaimsPrincipal? user, EngineOptions options) => user is null ? null : options.UserId(user) ?? NameOf(user);

    // A user without an id is known by the name at least.
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
