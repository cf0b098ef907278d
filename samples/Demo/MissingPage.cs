using Microsoft.AspNetCore.Diagnostics;

namespace Demo;

/// <summary>Answers an address that leads nowhere with a page that lists the demo's pages.</summary>
internal static class MissingPage
{
    public static async Task WriteAsync(StatusCodeContext status)
    {
        var context = status.HttpContext;
        // Endpoints say themselves what is missing.
        if (context.Response.StatusCode != StatusCodes.Status404NotFound || context.GetEndpoint() is not null) return;
        context.Response.ContentType = "text/html; charset=utf-8";
        PagePolicy.Apply(context.Response);
        var files = context.RequestServices.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider;
        await context.Response.SendFileAsync(files.GetFileInfo("404.html"), context.RequestAborted);
    }
}
