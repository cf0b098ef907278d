using System.Collections.Concurrent;
using System.Text;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>The upper side of one session: keeps what came in, sends it back, and tells the test of the end.</summary>
internal sealed class EngineClient(EngineSession session, Func<EngineClient, EnginePacket, ValueTask>? onMessage) : IEngineClient
{
    private readonly TaskCompletionSource<CloseReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ends;

    public EngineSession Session => session;

    /// <summary>Texts as they are, binary messages as "b:" and hex.</summary>
    public ConcurrentQueue<string> Received { get; } = new();

    public int Ends => Volatile.Read(ref _ends);

    public Task<CloseReason> Closed => _closed.Task.Soon();

    /// <summary>Queues a text message.</summary>
    public bool Send(string text) => session.Send(Text(text));

    public bool SendVolatile(string text) => session.SendVolatile(Text(text));

    public bool Send(byte[] data) => session.Send(new(data, isBinary: true));

    /// <summary>Sends one message back as it came.</summary>
    public void Echo(in EnginePacket message) => session.Send(message.IsBinary
        ? new OutgoingMessage(message.Data.ToArray(), isBinary: true)
        : new OutgoingMessage([(byte)'4', .. message.Data.Span]));

    public void OnOpened()
    {
    }

    public ValueTask OnMessageAsync(EnginePacket message)
    {
        Received.Enqueue(message.IsBinary ? "b:" + Convert.ToHexStringLower(message.Data.Span) : Encoding.UTF8.GetString(message.Data.Span));
        if (onMessage is not null) return onMessage(this, message);
        Echo(message);
        return default;
    }

    public void OnClosed(CloseReason reason)
    {
        Interlocked.Increment(ref _ends);
        _closed.TrySetResult(reason);
    }

    private static OutgoingMessage Text(string text) => new(Encoding.UTF8.GetBytes("4" + text));
}
