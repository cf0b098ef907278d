using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO;

/// <summary>Explains why an origin was refused: what was compared, and the line of code that would allow it.</summary>
internal static class OriginDetails
{
    private const string Opaque =
        "The page's origin 'null' names no site: sandboxed frames of any site, redirects and pages that are opened from a file send it.";

    public static Explanation NoOrigin(string site) => new(
        "no origin",
        $"The request has neither Origin nor Referer, and Sec-Fetch-Site is '{LogText.Of(site)}': it may come from any page (an image, a script). "
        + "A page that uses JSONP must not hide its address (Referrer-Policy: no-referrer).");

    public static Explanation Disabled(HttpContext context, string origin) =>
        new("CORS disabled", $"{Compared(context, origin)} The endpoint has [DisableCors], so no other origin is allowed.");

    public static Explanation NoPolicy(HttpContext context, string origin) => new(
        "no CORS policy",
        origin == "null"
            ? $"{Opaque} There is no CORS policy for it. {AllowNull}"
            : $"{Compared(context, origin)} There is no CORS policy for it. {HowToAllow(origin)}");

    public static Explanation NotInPolicy(HttpContext context, string origin) => new(
        "not in CORS policy",
        origin == "null"
            ? $"{Opaque} The CORS policy does not allow it. {AllowNull}"
            : $"{Compared(context, origin)} The CORS policy does not allow it. To allow it: .WithOrigins(\"{LogText.Of(origin)}\") in that policy.");

    public static Explanation NoCredentials(HttpContext context)
    {
        var headers = context.Request.Headers;
        var origin = LogText.Of(headers.Origin.Count > 0 ? headers.Origin.ToString() : WebOrigin.Of(headers.Referer.ToString()));
        var compared = $"The origin '{origin}' may connect only without credentials, and the browser sent the credentials of a signed-in user (a cookie, for example). ";
        return new("no credentials", compared + (origin is "null" or "file://" or "*"
            ? "This origin names no site, so it must not act as the user. Connect without cookies, or send a token in auth."
            : $"To accept the user: .WithOrigins(\"{origin}\").AllowCredentials() in the CORS policy, instead of AllowAnyOrigin()."));
    }

    public static Explanation CorsDidNotRun(string origin) => new(
        "CORS did not run",
        $"the CORS policy allows the origin '{LogText.Of(origin)}', but app.UseCors() did not run for this request, so the response has no Access-Control-Allow-Origin. "
        + "Call app.UseCors() before MapSocketIO(). If a proxy adds the header, ignore this line.");

    public static Explanation DevelopmentWithoutPolicy(string origin) => new(
        "development without CORS",
        $"in Development, the origin '{LogText.Of(origin)}' may connect without a CORS policy, but the response has no Access-Control-Allow-Origin. {HowToAllow(origin)} "
        + "Or let the development server forward /socket.io (docs/proxies.md).");

    private static string AllowNull =>
        ".WithOrigins(\"null\") without AllowCredentials() in the default CORS policy, and app.UseCors() before MapSocketIO(), let all such pages connect as anonymous users.";

    private static string HowToAllow(string origin) =>
        $"To allow it: builder.Services.AddCors(o => o.AddDefaultPolicy(p => p.WithOrigins(\"{LogText.Of(origin)}\").AllowAnyHeader().AllowAnyMethod())), "
        + "and app.UseCors() before MapSocketIO(). If the page connects with withCredentials: true, add .AllowCredentials() to the policy.";

    private static string Compared(HttpContext context, string origin)
    {
        var scheme = context.Request.Scheme;
        var host = OriginCheck.Host(context);
        var own = $"The page's origin '{LogText.Of(origin)}' is not the server's '{LogText.Of(scheme)}://{LogText.Of(host)}'";
        return WebOrigin.Compare(origin, scheme, host) switch
        {
            OriginDifference.Scheme => own + ": the scheme differs. If a proxy ends TLS: app.UseForwardedHeaders() with XForwardedProto (docs/proxies.md).",
            OriginDifference.Port => own + ": the port differs. If a proxy is in between, it must forward the Host header with its port (nginx: proxy_set_header Host $http_host).",
            _ => own + ". If a proxy is in between, it must forward the Host header (nginx: proxy_set_header Host $http_host; a development server: changeOrigin false).",
        };
    }
}
