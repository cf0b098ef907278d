using System.Buffers;
using Microsoft.AspNetCore.Http;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>Writes the responses to polling requests.</summary>
internal sealed class PollingResponse(EngineServer server)
{
    private static readonly byte[] Ok = "ok"u8.ToArray();

    /// <summary>Writes one body with all packets of the batch. Returns false if the client did not take it.</summary>
    public async ValueTask<bool> WriteBatchAsync(
        HttpContext context, EngineSession session, EngineQuery query, List<OutgoingMessage> batch, bool isFirst)
    {
        var body = new ArrayBufferWriter<byte>(256);
        var messages = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batch);
        var response = context.Response;
        if (query.Jsonp is { } index)
        {
            var payload = new ArrayBufferWriter<byte>(256);
            session.Protocol.WritePayload(messages, PayloadForm.Text, payload);
            Jsonp.Wrap(index, payload.WrittenSpan, body);
            response.ContentType = "text/javascript; charset=UTF-8";
            response.Headers.XContentTypeOptions = "nosniff";
        }
        else
        {
            // Exactly these values: client 2.x compares the binary content type as a string.
            var isBinary = session.Protocol.WritePayload(messages, session.Encoding.Form, body);
            response.ContentType = isBinary ? "application/octet-stream" : "text/plain; charset=UTF-8";
        }

        // The name is a constant, because the session might be moving to another transport.
        server.Metrics.OnSent("polling", messages, body.WrittenCount);
        response.ContentLength = body.WrittenCount;
        response.Headers.CacheControl = "no-store";
        if (isFirst && server.Options.Cookie is { } cookie) SessionCookie.Append(context, cookie, session.Id);
        return await TryWriteAsync(context, session, body.WrittenMemory);
    }

    public static Task WriteOkAsync(HttpContext context)
    {
        // text/html, because JSONP loads the response into an iframe.
        context.Response.ContentType = "text/html";
        context.Response.ContentLength = Ok.Length;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.Body.WriteAsync(Ok).AsTask();
    }

    private async ValueTask<bool> TryWriteAsync(HttpContext context, EngineSession session, ReadOnlyMemory<byte> body)
    {
        try
        {
            var write = context.Response.Body.WriteAsync(body, context.RequestAborted);
            if (write.IsCompletedSuccessfully) return true;
            // Kestrel's own minimum rate allows an hour for a megabyte. A write that was aborted can still report success, so the session is closed here and
            // not after the write.
            await using var timeout = new ClientTimeout(
                session,
                server.Options.SendTimeout,
                state =>
                {
                    session.Close(CloseReason.TransportError);
                    ((HttpContext)state).TryAbort();
                },
                context);
            await write;
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
