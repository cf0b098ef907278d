using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SocketIOServer.EngineIO.Hosting;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Keeps pages of other origins from using a visitor's cookies, on every transport alike: a browser applies CORS to
/// XMLHttpRequest only, neither to WebSocket (cross-site WebSocket hijacking) nor to the scripts of JSONP nor to images.
/// </summary>
internal static class OriginCheck
{
    /// <param name="context">The request.</param>
    /// <param name="isJsonp">It asks for a script.</param>
    /// <param name="first">The session's first request; null for that request itself.</param>
    public static async ValueTask<OriginVerdict> JudgeAsync(HttpContext context, bool isJsonp, HandshakeRequest? first)
    {
        var headers = context.Request.Headers;
        var origin = headers.Origin.ToString();
        if (HasControls(origin)) return Rejection.BadRequest.Because(RefusalDetails.OriginCharacters);
        var site = headers["Sec-Fetch-Site"].ToString();
        if (origin.Length == 0)
        {
            // Fetch Metadata, "Sec-Fetch-Site": no page can set it. "none" is a person who typed the address, and nobody types a script's.
            if (site == "same-origin" || site == "none" && !isJsonp) return OriginVerdict.Trusted;
            // No browser leaves Origin out of a WebSocket or of a cross-origin XMLHttpRequest, but out of images and scripts; programs may.
            origin = WebOrigin.Of(headers.Referer.ToString());
            if (origin.Length == 0 || HasControls(origin)) return isJsonp || site.Length > 0 ? Rejection.Forbidden.Because(OriginDetails.NoOrigin(site)) : OriginVerdict.Trusted;
        }

        // The browser compares the page with the address that it requested. No page can set this header, so it is right even if a proxy has rewritten Host or
        // the scheme. Programs can set it, but they have no visitor's cookies.
        if (site == "same-origin" || WebOrigin.IsSame(origin, context.Request.Scheme, Host(context)) || first?.IsOwnPage(origin) == true) return OriginVerdict.Trusted;
        var verdict = await JudgeByPolicyAsync(context, origin);
        if (verdict.Rejection is null) return verdict;
        // A development server in between that has rewritten Host (changeOrigin). Without one, the browser calls the request cross-site or same-site.
        if (IsDevelopment(context) && WebOrigin.IsLoopback(origin) && WebOrigin.IsLoopback(Host(context)))
            return OriginVerdict.Trusted.WithUnreadable(site is "cross-site" or "same-site" ? OriginDetails.DevelopmentWithoutPolicy(origin) : null);
        // Boards with arduinoWebSockets, and pages out of a file: nobody is signed in there. No page has the star of older PHP clients.
        return origin is "file://" or "*" ? OriginVerdict.WithoutCredentials : verdict;
    }

    // Not HttpRequest.Host, which decodes the name and throws where that cannot be done.
    internal static string Host(HttpContext context) => context.Request.Headers.Host.ToString();

    // What ASP.NET's own middleware said of this request, else the policy that the endpoint names, else the default one.
    private static async ValueTask<OriginVerdict> JudgeByPolicyAsync(HttpContext context, string origin)
    {
        var metadata = context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>();
        if (metadata is IDisableCorsAttribute) return Rejection.Forbidden.Because(OriginDetails.Disabled(context, origin));
        if (ObservedCors.ResultOf(context) is { } result) return Admit(context, origin, result.IsOriginAllowed, result.SupportsCredentials);
        var policy = await FindPolicyAsync(context, metadata);
        if (policy is null) return Rejection.Forbidden.Because(OriginDetails.NoPolicy(context, origin));
        var verdict = Admit(context, origin, policy.AllowAnyOrigin || policy.IsOriginAllowed(origin), policy.SupportsCredentials && !policy.AllowAnyOrigin);
        // The application may set the header itself.
        var isUnreadable = verdict.Rejection is null && context.Response.Headers.AccessControlAllowOrigin.Count == 0;
        return isUnreadable ? verdict.WithUnreadable(OriginDetails.CorsDidNotRun(origin)) : verdict;
    }

    private static async ValueTask<CorsPolicy?> FindPolicyAsync(HttpContext context, ICorsMetadata? metadata)
    {
        if (metadata is ICorsPolicyMetadata { Policy: var policy }) return policy;
        var provider = context.RequestServices?.GetService<ICorsPolicyProvider>();
        return provider is null ? null : await provider.GetPolicyAsync(context, (metadata as IEnableCorsAttribute)?.PolicyName);
    }

    private static OriginVerdict Admit(HttpContext context, string origin, bool isAllowed, bool supportsCredentials)
    {
        if (!isAllowed) return Rejection.Forbidden.Because(OriginDetails.NotInPolicy(context, origin));
        return supportsCredentials ? OriginVerdict.Trusted : OriginVerdict.WithoutCredentials;
    }

    private static bool IsDevelopment(HttpContext context) => context.RequestServices?.GetService<IWebHostEnvironment>()?.IsDevelopment() == true;

    private static bool HasControls(string text) => text.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || text.Contains('\x7f', StringComparison.Ordinal);
}
