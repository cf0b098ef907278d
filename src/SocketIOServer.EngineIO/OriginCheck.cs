using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Keeps pages of other origins from using a visitor's cookies, on every transport alike: a browser applies CORS to
/// XMLHttpRequest only, neither to WebSocket (cross-site WebSocket hijacking) nor to the scripts of JSONP.
/// </summary>
internal static class OriginCheck
{
    /// <summary>Null when the request may pass.</summary>
    public static async ValueTask<Rejection?> JudgeAsync(HttpContext context, bool isJsonp)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || origin.Contains('\x7f', StringComparison.Ordinal)) return Rejection.BadRequest;
        if (origin.Length == 0)
        {
            // No browser leaves Origin out of a WebSocket or of a cross-origin XMLHttpRequest; programs may.
            if (!isJsonp) return null;
            if (context.Request.Headers["Sec-Fetch-Site"] == "same-origin") return null;
            if (!TryReadReferer(context.Request, out origin)) return Rejection.Forbidden;
        }

        return IsSame(context.Request, origin) || await IsAllowedAsync(context, origin) ? null : Rejection.Forbidden;
    }

    private static bool IsSame(HttpRequest request, string origin)
    {
        var scheme = request.Scheme;
        var host = request.Host.Value ?? "";
        // Client 1.3 in Node sends "host:port" for its WebSocket; no browser can be made to.
        if (origin.Equals(host, StringComparison.OrdinalIgnoreCase)) return true;
        return origin.Length == scheme.Length + 3 + host.Length
            && origin.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && origin.AsSpan(scheme.Length).StartsWith("://")
            && origin.AsSpan(scheme.Length + 3).Equals(host, StringComparison.OrdinalIgnoreCase);
    }

    // The policy that the endpoint names, else the default one: what ASP.NET's own middleware would apply.
    private static async ValueTask<bool> IsAllowedAsync(HttpContext context, string origin)
    {
        if (origin == "null") return false;
        var metadata = context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>();
        if (metadata is IDisableCorsAttribute) return false;
        if (metadata is ICorsPolicyMetadata { Policy: var policy }) return policy.IsOriginAllowed(origin);
        var provider = context.RequestServices.GetService<ICorsPolicyProvider>();
        if (provider is null) return false;
        var named = await provider.GetPolicyAsync(context, (metadata as IEnableCorsAttribute)?.PolicyName);
        return named?.IsOriginAllowed(origin) ?? false;
    }

    private static bool TryReadReferer(HttpRequest request, out string origin)
    {
        var isUri = Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var uri);
        origin = isUri ? uri!.GetLeftPart(UriPartial.Authority) : "";
        return isUri;
    }
}
