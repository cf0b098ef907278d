using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using SocketIOServer.EngineIO.Transports.WebSockets;

namespace SocketIOServer.Hosting;

/// <summary>
/// Copies the bytes of a WebSocket between a client and the server that has its session, in both directions, until one of them ends the connection. It does not
/// look at frames, so it works for all extensions.
/// </summary>
internal static class WebSocketTunnel
{
    private const int ReadSize = 4096;

    public static async Task RunAsync(HttpContext context, HttpResponseMessage response, ForwardHeaders headers, CancellationToken cancel)
    {
        await using var owner = await response.Content.ReadAsStreamAsync(cancel);
        headers.CopyResponse(response, context);
        if (WebSocketHandshake.IsConnect(context)) context.Response.Headers.Remove(HeaderNames.SecWebSocketAccept);
        PipeReader input;
        PipeWriter output;
        try
        {
            (input, output) = await WebSocketHandshake.OpenAsync(context);
        }
        catch (InvalidOperationException) when (!context.Response.HasStarted)
        {
            // Kestrel's MaxConcurrentUpgradedConnections is reached.
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        // Ends both directions: the next read and the next write fail.
        await using var ended = cancel.UnsafeRegister(static state => ((Stream)state!).Dispose(), owner);
        var toOwner = CopyToOwnerAsync(input, owner);
        var isClean = await CopyToClientAsync(owner, output);
        // The client has what the owner sent last. What it still sends, nobody reads.
        if (!isClean) context.Abort();
        input.CancelPendingRead();
        await toOwner;
    }

    // Never throws. Returns when the client has ended the connection, or when the other direction has.
    private static async Task CopyToOwnerAsync(PipeReader input, Stream owner)
    {
        try
        {
            while (true)
            {
                var result = await input.ReadAsync();
                foreach (var memory in result.Buffer) await owner.WriteAsync(memory);
                input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted || result.IsCanceled) break;
            }
        }
        catch (Exception e) when (WebSocketLink.IsGone(e))
        {
            // One of the two connections has ended.
        }

        await owner.DisposeAsync();
    }

    // Never throws. Returns true if the owner has ended the connection in an orderly way and the client has everything.
    private static async Task<bool> CopyToClientAsync(Stream owner, PipeWriter output)
    {
        try
        {
            while (true)
            {
                // While nothing comes, no buffer is held. A read of no bytes completes when there are some.
#pragma warning disable CA2022
                await owner.ReadAsync(Memory<byte>.Empty);
#pragma warning restore CA2022
                var count = await owner.ReadAsync(output.GetMemory(ReadSize));
                if (count == 0) return true;
                output.Advance(count);
                var flushed = await output.FlushAsync();
                if (flushed.IsCompleted) return false;
            }
        }
        catch (Exception e) when (WebSocketLink.IsGone(e))
        {
            return false;
        }
    }
}
