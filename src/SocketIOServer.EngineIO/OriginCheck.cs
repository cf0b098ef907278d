using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SocketIOServer.EngineIO.Hosting;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Prevents pages of other origins from using a visitor's cookies, on every transport. A browser applies CORS only to XMLHttpRequest and fetch, not to
/// WebSocket (cross-site WebSocket hijacking), the scripts of JSONP, or images.
/// </summary>
internal static class OriginCheck
{
    /// <param name="context">The request.</param>
    /// <param name="isJsonp">Whether the request is for a script.</param>
    /// <param name="first">The first request of the session. Null for that request itself.</param>
    public static async ValueTask<OriginVerdict> JudgeAsync(HttpContext context, bool isJsonp, HandshakeRequest? first)
    {
        var headers = context.Request.Headers;
        var origin = headers.Origin.ToString();
        if (HasControls(origin)) return Rejection.BadRequest.Because(RefusalDetails.OriginCharacters);
        var site = headers["Sec-Fetch-Site"].ToString();
        if (origin.Length == 0)
        {
            // Fetch Metadata, "Sec-Fetch-Site": a page cannot set it. "none" means that a person entered the address, which nobody does for a script.
            if (site == "same-origin" || site == "none" && !isJsonp) return OriginVerdict.Trusted;
            // Browsers always send Origin with a WebSocket and with a cross-origin XMLHttpRequest, but not with images and scripts. Other programs often send
            // none.
            origin = WebOrigin.Of(headers.Referer.ToString());
            if (origin.Length == 0 || HasControls(origin)) return isJsonp || site.Length > 0 ? Rejection.Forbidden.Because(OriginDetails.NoOrigin(site)) : OriginVerdict.Trusted;
        }

        // The browser compares the page with the address that it requested. A page cannot set this header, so it is right even if a proxy has changed Host or
        // the scheme. Other programs can set it, but they do not have a visitor's cookies.
        if (site == "same-origin" || WebOrigin.IsSame(origin, context.Request.Scheme, Host(context)) || first?.IsOwnPage(origin) == true) return OriginVerdict.Trusted;
        var verdict = await JudgeByPolicyAsync(context, origin);
        if (verdict.Rejection is null) return verdict;
        // A development server that has changed Host (changeOrigin). Without one, the browser calls the request cross-site or same-site.
        if (IsDevelopment(context) && WebOrigin.IsLoopback(origin) && WebOrigin.IsLoopback(Host(context)))
            return OriginVerdict.Trusted.WithUnreadable(site is "cross-site" or "same-site" ? OriginDetails.DevelopmentWithoutPolicy(origin) : null);
        // Boards with arduinoWebSockets and pages from a file send "file://"; they have no signed-in user. Older PHP clients send "*", which a page cannot.
        return origin is "file://" or "*" ? OriginVerdict.WithoutCredentials : verdict;
    }

    // Not HttpRequest.Host, because it decodes the name and throws if it cannot.
    internal static string Host(HttpContext context) => context.Request.Headers.Host.ToString();

    // The result of the CORS middleware for this request, otherwise the policy of the endpoint, otherwise the default policy.
    private static async ValueTask<OriginVerdict> JudgeByPolicyAsync(HttpContext context, string origin)
    {
        var metadata = context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>();
        if (metadata is IDisableCorsAttribute) return Rejection.Forbidden.Because(OriginDetails.Disabled(context, origin));
        if (ObservedCors.ResultOf(context) is { } result) return Admit(context, origin, result.IsOriginAllowed, result.SupportsCredentials);
        var policy = await FindPolicyAsync(context, metadata);
        if (policy is null) return Rejection.Forbidden.Because(OriginDetails.NoPolicy(context, origin));
        var verdict = Admit(context, origin, policy.AllowAnyOrigin || policy.IsOriginAllowed(origin), policy.SupportsCredentials && !policy.AllowAnyOrigin);
        // The application might set the header itself.
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
