using Microsoft.AspNetCore.StaticFiles;

namespace Demo;

/// <summary>What the pages may load and do, told to the browser: their own origin and nothing else, and no script in the HTML.</summary>
internal static class PagePolicy
{
    // 'self' covers WebSockets of this origin (CSP 3). JSONP needs no exception: its polls are scripts of this origin, and it posts
    // by a form into a frame of this origin. The address "javascript:0" that JSONP clients give this frame at first is refused; the
    // console reports that, and it does no harm.
    private const string Policy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Apply(StaticFileResponseContext file) => Apply(file.Context.Response);

    public static void Apply(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
    }
}
