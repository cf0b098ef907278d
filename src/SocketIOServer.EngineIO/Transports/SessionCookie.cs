using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>Puts the session id into a cookie that no script reads and no other site sends (ATTACKS A64).</summary>
internal static class SessionCookie
{
    // RFC 6265, "cookie-name": a token of HTTP.
    private static readonly SearchValues<char> NameChars =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");

    public static void Append(HttpContext context, CookieBuilder cookie, string sessionId)
    {
        var options = cookie.Build(context);
        // A plain builder cannot tell "false" from "not said", and no script has a use for the id: its client reads it from the open packet.
        // A program that wants something else derives a class from CookieBuilder, and its Build is taken at its word.
        if (cookie.GetType() == typeof(CookieBuilder))
        {
            options.HttpOnly = true;
            if (options.SameSite == SameSiteMode.Unspecified) options.SameSite = SameSiteMode.Lax;
        }

        context.Response.Cookies.Append(cookie.Name!, sessionId, options);
    }

    /// <summary>Throws at start for what would break the header of every handshake (CVE-2024-47764).</summary>
    public static void Validate(CookieBuilder cookie)
    {
        if (string.IsNullOrEmpty(cookie.Name)) throw new ArgumentException("Cookie needs a name.");
        if (cookie.Name.AsSpan().ContainsAnyExcept(NameChars)) throw new ArgumentException($"\"{cookie.Name}\" is no name for a cookie.");
        Check(cookie.Path, nameof(cookie.Path));
        Check(cookie.Domain, nameof(cookie.Domain));
    }

    private static void Check(string? value, string name)
    {
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~') || value.AsSpan().Contains(';')) throw new ArgumentException($"{name} of Cookie has a character that a cookie cannot have.");
    }
}
