using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>A request body in a pooled buffer that grows with what comes, never with what was announced.</summary>
internal struct RequestBody : IDisposable
{
    private const int FirstSize = 4096;

    private byte[] _buffer;
    private int _length;

    public readonly Memory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>Null: the body is longer than that. What came beyond the limit is at most one buffer.</summary>
    public static async ValueTask<RequestBody?> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancel)
    {
        if (request.ContentLength > maxBytes) return null;
        // The web server's own limit, 30 MB, is for other requests: MaxPayload is the one here.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var body = new RequestBody { _buffer = ArrayPool<byte>.Shared.Rent(FirstSize) };
        try
        {
            while (true)
            {
                if (body._length == body._buffer.Length) body.Grow();
                var read = await request.Body.ReadAsync(body._buffer.AsMemory(body._length), cancel);
                if (read == 0) return body;
                body._length += read;
                if (body._length <= maxBytes) continue;
                body.Dispose();
                return null;
            }
        }
        catch
        {
            // Whatever ended the read, the buffer goes back.
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer is { Length: > 0 } buffer) ArrayPool<byte>.Shared.Return(buffer);
        _buffer = [];
        _length = 0;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
