using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SocketIOServer.EngineIO;

/// <summary>
/// The credentials that a browser sends by itself, whichever page caused the request: cookies, stored passwords, a client certificate, the account of the
/// machine (Fetch, "credentials"). A token that the page puts into a header or into the query is not one of them.
/// </summary>
internal static class AmbientCredentials
{
    private static readonly string[] Schemes = ["Basic", "Digest", "Negotiate", "NTLM", "Kerberos"];

    // Marks a request that arrived without cookies.
    private static readonly object Given = new();

    /// <summary>Records that the request arrived without a cookie. Cookies that are added to it later come from the server itself.</summary>
    public static void AddNoneByCookies(HttpContext context) => context.Items[Given] = null;

    /// <summary>Returns true if the browser sent cookies.</summary>
    public static bool HaveCookies(HttpContext context) => context.Request.Headers.Cookie.Count > 0 && !context.Items.ContainsKey(Given);

    /// <summary>Returns true if the request has a signed-in user, and credentials that the browser sent by itself might be the reason.</summary>
    public static bool NameTheUserOf(HttpContext context)
    {
        var user = HandshakeRequest.UserOf(context);
        if (user is null || !user.Identities.Any(identity => identity.IsAuthenticated)) return false;
        var headers = context.Request.Headers;
        return HaveCookies(context)
            || headers.Authorization.Any(value => Schemes.Any(scheme => value?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) == true))
            || context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is not null
            // The account of the machine is authenticated once for a connection. Later requests on it carry no credentials.
            || user.Identities.Any(identity => Schemes.Contains(identity.AuthenticationType, StringComparer.OrdinalIgnoreCase));
    }
}
