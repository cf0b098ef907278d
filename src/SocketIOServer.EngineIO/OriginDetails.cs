using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO;

/// <summary>Says why an origin was refused: what was compared, and the line of code that would let it in.</summary>
internal static class OriginDetails
{
    public static string Disabled(HttpContext context, string origin) => $"{Compared(context, origin)} The endpoint has [DisableCors]: no other origin may pass.";

    public static string NoPolicy(HttpContext context, string origin) =>
        $"{Compared(context, origin)} There is no CORS policy for it. To let it in: builder.Services.AddCors(o => o.AddDefaultPolicy(p => "
        + $"p.WithOrigins(\"{LogText.Of(origin)}\").AllowAnyHeader().AllowAnyMethod().AllowCredentials())), and app.UseCors() before MapSocketIO().";

    public static string NotInPolicy(HttpContext context, string origin) =>
        $"{Compared(context, origin)} The CORS policy does not allow it. To let it in: .WithOrigins(\"{LogText.Of(origin)}\") in that policy.";

    public static string NoCredentials(HttpContext context)
    {
        var headers = context.Request.Headers;
        var origin = LogText.Of(headers.Origin.Count > 0 ? headers.Origin.ToString() : WebOrigin.Of(headers.Referer.ToString()));
        return $"The origin '{origin}' may pass without credentials only, and the request is one of a user whom the browser has signed in. "
            + $"To let it in as that user: .WithOrigins(\"{origin}\").AllowCredentials() in the CORS policy, in place of AllowAnyOrigin().";
    }

    private static string Compared(HttpContext context, string origin)
    {
        var scheme = context.Request.Scheme;
        var host = OriginCheck.Host(context);
        var own = $"The page's origin '{LogText.Of(origin)}' is not the server's '{LogText.Of(scheme)}://{LogText.Of(host)}'";
        return WebOrigin.Compare(origin, scheme, host) switch
        {
            OriginDifference.Scheme => own + ": the scheme differs. Behind a proxy that ends TLS: app.UseForwardedHeaders() with XForwardedProto (docs/proxies.md).",
            OriginDifference.Port => own + ": the port differs. A proxy has to pass the Host header on with its port (nginx: proxy_set_header Host $http_host).",
            _ => own + ". A proxy has to pass the Host header on (nginx: proxy_set_header Host $http_host; a development server: changeOrigin false).",
        };
    }
}
