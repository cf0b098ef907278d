using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SocketIOServer.Hosting;

/// <summary>
/// The body of a request on its way to another server, while it arrives. If it is larger than the limit, one byte more than the limit is sent, and the other
/// server refuses it as too large.
/// </summary>
internal sealed class ForwardedBody : HttpContent
{
    private readonly HttpContext _context;
    private readonly int _maxBytes;
    private bool _isRead;

    private ForwardedBody(HttpContext context, int maxBytes)
    {
        (_context, _maxBytes) = (context, maxBytes);
        Headers.ContentLength = context.Request.ContentLength;
    }

    public static ForwardedBody Of(HttpContext context, int maxBytes)
    {
        // The limit of the web server is for other requests, as where the session is.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        return new(context, maxBytes);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _context.Request.ContentLength ?? 0;
        return _context.Request.ContentLength is not null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The handler repeats a request if the connection ends before an answer. The body exists once, and its packets must not be handled twice.
        if (_isRead) throw new IOException("The body was read before.");
        _isRead = true;
        var reader = _context.Request.BodyReader;
        for (var left = _maxBytes + 1L; left > 0;)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var part = result.Buffer.Slice(0, Math.Min(left, result.Buffer.Length));
            foreach (var memory in part) await stream.WriteAsync(memory, cancellationToken);
            left -= part.Length;
            reader.AdvanceTo(part.End);
            if (result.IsCompleted && part.Length == result.Buffer.Length) return;
            // What has arrived is sent before more of it is waited for.
            await stream.FlushAsync(cancellationToken);
        }
    }
}
