using Microsoft.AspNetCore.StaticFiles;

namespace Demo;

/// <summary>What the pages may load and do, told to the browser: their own origin and nothing else, and no script in the HTML.</summary>
internal static class PagePolicy
{
    // JSONP needs no exception: its polls are scripts of this origin, and it posts by a form into a frame of this origin. The
    // clients give that frame the address "javascript:0" first. The browser refuses it and says so in its console; the form works all the same.
    private const string Policy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Apply(StaticFileResponseContext file)
    {
        file.Context.Response.Headers.ContentSecurityPolicy = Policy;
        file.Context.Response.Headers.XContentTypeOptions = "nosniff";
    }
}
