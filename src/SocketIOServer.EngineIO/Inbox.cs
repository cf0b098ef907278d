using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Handles the incoming packets of a session one at a time. Pings and pongs go to the heartbeat, messages to the layer above. One transport at a time holds the
/// lease, so packets that arrived before an upgrade are handled before later ones.
/// </summary>
internal sealed class Inbox(EngineSession session, EngineServer server, Heartbeat heartbeat)
{
    private SemaphoreSlim? _lease;
    private volatile bool _isBusy;

    /// <summary>The lease, which the transport that delivers packets holds.</summary>
    public SemaphoreSlim Lease => _lease ?? Interlocked.CompareExchange(ref _lease, new(1, 1), null) ?? _lease;

    /// <summary>Whether a packet is being handled. No packet is read in the meantime.</summary>
    public bool IsBusy => _isBusy;

    /// <summary>
    /// Handles one packet. The caller holds the lease. Returns false if the session is closed. Never throws: an exception of the layer above closes only this
    /// session (<see cref="EngineSession.Fail"/>).
    /// </summary>
    public ValueTask<bool> ReceiveAsync(in EnginePacket packet)
    {
        if (!session.IsOpen) return new(false);
        ValueTask handled = default;
        try
        {
            heartbeat.OnPacket();
            StarvationMonitor.Shared.OnPacket();
            server.Metrics.OnPacket(session);
            switch (packet.Type)
            {
                case EnginePacketType.Message:
                    _isBusy = true;
                    handled = server.Backpressure.IsHolding ? HoldAndHandleAsync(packet) : session.Client.OnMessageAsync(packet);
                    break;
                case EnginePacketType.Ping when !heartbeat.OnPing():
                case EnginePacketType.Pong when !heartbeat.OnPong():
                    session.Close(CloseReason.ParseError);
                    break;
                case EnginePacketType.Close:
                    session.Close(CloseReason.ClosedByClient);
                    break;
            }
        }
        catch (Exception e)
        {
            // The last catch. User code is caught where it is called, so this exception is a fault of the server.
            session.Fail(e);
        }

        if (!handled.IsCompletedSuccessfully) return WaitAsync(handled);
        _isBusy = false;
        return new(session.IsOpen);
    }

    private async ValueTask HoldAndHandleAsync(EnginePacket packet)
    {
        var released = await server.Backpressure.HoldAsync(packet.Data.Length, session.Outbox.ConnectionScheduler ?? server.SendLoopScheduler);
        ValueTask handled = default;
        try
        {
            if (session.IsOpen) handled = session.Client.OnMessageAsync(packet);
        }
        finally
        {
            released?.OnHandled();
        }

        await handled;
    }

    private async ValueTask<bool> WaitAsync(ValueTask handled)
    {
        try
        {
            await handled;
        }
        catch (Exception e)
        {
            // The last catch, as above.
            session.Fail(e);
        }

        _isBusy = false;
        return session.IsOpen;
    }
}
