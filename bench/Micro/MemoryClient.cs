using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using SocketIOServer.EngineIO;
using SocketIOServer.EngineIO.Transports;

namespace SocketIOServer.Micro;

/// <summary>A client whose network is a counter: what the server sends is taken from the outbox and forgotten.</summary>
internal sealed class MemoryClient : ITransport
{
    private EngineSession _session = null!;

    public long Received { get; private set; }

    public string Name => "websocket";

    public IReadOnlyList<string> Upgrades => [];

    /// <summary>One that has joined "/".</summary>
    public static MemoryClient Join(SocketServer server)
    {
        var client = new MemoryClient();
        var context = new DefaultHttpContext { RequestServices = server.Context.Services };
        context.Request.Method = "GET";
        context.Request.QueryString = new("?EIO=4&transport=websocket");
        _ = server.CreateEngine(client).ServeAsync(context);
        client.Send("40"u8.ToArray());
        return client;
    }

    /// <summary>As the receive loop hands a packet in. Its handler has run when this returns, unless it waits.</summary>
    public void Send(byte[] packet)
    {
        if (!_session.Protocol.TryReadFrame(packet, isBinary: false, out var read)) throw new FormatException(Encoding.UTF8.GetString(packet));
        var received = _session.Inbox.ReceiveAsync(read);
        if (!received.IsCompletedSuccessfully) throw new InvalidOperationException("The handler waits.");
    }

    // As the WebSocket's send loop, up to the frame.
    public async Task ServeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst)
    {
        _session = session;
        var outbox = session.Outbox;
        var scratch = new System.Buffers.ArrayBufferWriter<byte>();
        while (true)
        {
            var taken = outbox.Take(out var message);
            if (taken == TakeResult.Ended) return;
            if (taken == TakeResult.Empty)
            {
                await outbox.WaitAsync(outbox.WakeCount, PipeScheduler.Inline).ConfigureAwait(false);
                continue;
            }

            for (var i = 0; i < message.Count; i++) Received += session.Protocol.Frame(message[i], base64: false, scratch, out _).Length;
        }
    }
}
