using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SocketIOServer.EngineIO;

/// <summary>
/// What a browser sends of its own accord, whatever page asked it to: cookies, passwords it keeps, a certificate, the account of the
/// machine (Fetch, "credentials"). A token that the page itself has put into a header or into the query is none of them.
/// </summary>
internal static class AmbientCredentials
{
    private static readonly string[] Schemes = ["Basic", "Digest", "Negotiate", "NTLM", "Kerberos"];

    // Of a request that came without cookies.
    private static readonly object Given = new();

    /// <summary>The request came without a cookie: those that are put on it now are the server's own doing.</summary>
    public static void AddNoneByCookies(HttpContext context) => context.Items[Given] = null;

    /// <summary>The browser sent cookies.</summary>
    public static bool HaveCookies(HttpContext context) => context.Request.Headers.Cookie.Count > 0 && !context.Items.ContainsKey(Given);

    /// <summary>The request is somebody's, and may be so only because a browser said it.</summary>
    public static bool NameTheUserOf(HttpContext context)
    {
        var user = HandshakeRequest.UserOf(context);
        if (user is null || !user.Identities.Any(identity => identity.IsAuthenticated)) return false;
        var headers = context.Request.Headers;
        return HaveCookies(context)
            || headers.Authorization.Any(value => Schemes.Any(scheme => value?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) == true))
            || context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is not null
            // The account of the machine belongs to the connection: its later requests carry nothing.
            || user.Identities.Any(identity => Schemes.Contains(identity.AuthenticationType, StringComparer.OrdinalIgnoreCase));
    }
}
