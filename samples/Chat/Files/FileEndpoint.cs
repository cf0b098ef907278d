using System.Net.Mime;
using Chat.Accounts;
using Chat.Storage;
using Microsoft.Net.Http.Headers;

namespace Chat.Files;

/// <summary>Serves the files of messages to who may read the message, and so that no browser runs what is in them.</summary>
internal static class FileEndpoint
{
    public static void Map(IEndpointRouteBuilder chat) => chat.MapGet("/files/{message:long}", ServeAsync).RequireAuthorization();

    private static async Task<IResult> ServeAsync(long message, HttpContext context, IChatStore store)
    {
        if (await store.Messages.FileAsync(User.From(context.User)!.Id, message) is not { } file) return Results.NotFound();
        var headers = context.Response.Headers;
        var disposition = new ContentDispositionHeaderValue(FileType.IsShown(file.Type) ? DispositionTypeNames.Inline : DispositionTypeNames.Attachment);
        disposition.SetHttpFileName(file.Name);
        headers.ContentDisposition = disposition.ToString();
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        // Asked for again each time, so that nobody sees it after leaving; the content then stays as it is (304).
        headers.CacheControl = "private, no-cache";
        return Results.Bytes(file.Content, file.Type, entityTag: new($"\"{message}\""));
    }
}
