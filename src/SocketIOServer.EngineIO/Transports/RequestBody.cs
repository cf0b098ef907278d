using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>A request body in a pooled buffer. The buffer grows with the received bytes, not with the announced length.</summary>
internal struct RequestBody : IDisposable
{
    private const int FirstSize = 4096;

    private byte[] _buffer;
    private int _length;

    public readonly Memory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>Reads the body. Returns null if it is longer than the limit. Cancelled only while it waits for the client.</summary>
    public static async ValueTask<RequestBody?> ReadAsync(HttpRequest request, int maxBytes, EngineSession session)
    {
        if (request.ContentLength > maxBytes) return null;
        // The limit of the web server, 30 MB, is for other requests. MaxPayload is the limit here.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var body = new RequestBody { _buffer = ArrayPool<byte>.Shared.Rent(FirstSize) };
        try
        {
            while (true)
            {
                // Most bodies arrive together with the headers. Reading them needs no token and no registration.
                var reading = request.BodyReader.ReadAsync(CancellationToken.None);
                var result = reading.IsCompletedSuccessfully ? reading.Result : await WaitAsync(reading, request.BodyReader, session.Closed);
                var isWithin = body.TryAppend(result.Buffer, maxBytes);
                request.BodyReader.AdvanceTo(result.Buffer.End);
                if (isWithin && result.IsCompleted) return body;
                if (isWithin) continue;
                body.Dispose();
                return null;
            }
        }
        catch
        {
            // Whatever ended the read, the buffer is returned.
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

    private static async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> reading, PipeReader reader, CancellationToken cancel)
    {
        await using var cancelled = cancel.UnsafeRegister(static state => ((PipeReader)state!).CancelPendingRead(), reader);
        var result = await reading;
        return result.IsCanceled ? throw new OperationCanceledException(cancel) : result;
    }

    private bool TryAppend(in ReadOnlySequence<byte> bytes, int maxBytes)
    {
        foreach (var memory in bytes)
        {
            if (memory.Length > maxBytes - _length) return false;
            while (memory.Length > _buffer.Length - _length) Grow();
            memory.Span.CopyTo(_buffer.AsSpan(_length));
            _length += memory.Length;
        }

        return true;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
