using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>Puts the session id into a cookie that scripts cannot read and other sites do not send.</summary>
internal static class SessionCookie
{
    // RFC 6265, "cookie-name": a token of HTTP.
    private static readonly SearchValues<char> NameChars =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");

    public static void Append(HttpContext context, CookieBuilder cookie, string sessionId)
    {
        var options = cookie.Build(context);
        // CookieBuilder does not distinguish "false" from "not set", and no script needs the cookie, because the client reads the id from the open packet. An
        // application that needs something else can derive a class from CookieBuilder. The cookie is then what its Build method returns.
        if (cookie.GetType() == typeof(CookieBuilder))
        {
            options.HttpOnly = true;
            if (options.SameSite == SameSiteMode.Unspecified) options.SameSite = SameSiteMode.Lax;
        }

        context.Response.Cookies.Append(cookie.Name!, sessionId, options);
    }

    /// <summary>Throws at startup for values that would break the header of every handshake (CVE-2024-47764).</summary>
    public static void Validate(CookieBuilder cookie)
    {
        if (string.IsNullOrEmpty(cookie.Name)) throw new ArgumentException("The cookie must have a name. Set Cookie.Name.");
        if (cookie.Name.AsSpan().ContainsAnyExcept(NameChars)) throw new ArgumentException($"\"{cookie.Name}\" is not a valid cookie name.");
        Check(cookie.Path, nameof(cookie.Path));
        Check(cookie.Domain, nameof(cookie.Domain));
    }

    private static void Check(string? value, string name)
    {
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~') || value.AsSpan().Contains(';')) throw new ArgumentException($"The {name} of the cookie contains a character that is not allowed.");
    }
}
