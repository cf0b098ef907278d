namespace SocketIOServer.EngineIO;

/// <summary>Engine.IO 3: the client pings (engine.io-protocol v3, "Timeouts"). As in Node's server 2.x, any packet counts as a sign of life.</summary>
internal sealed class ClientPings(EngineSession session, EngineOptions options, TimeProvider time) : Heartbeat(session, options, time)
{
    private long _lastPacket;

    public override bool IsOverdue => !Session.Inbox.IsBusy && TimeLeft() <= 0;

    public override void Start()
    {
        OnPacket();
        ArmBefore(Interval + Timeout);
    }

    public override void OnPacket() => Volatile.Write(ref _lastPacket, Now);

    public override bool OnPing()
    {
        Session.Send(OutgoingMessage.Pong);
        return true;
    }

    public override bool OnPong() => false;

    protected override void OnTimer()
    {
        // A session that is busy in a handler does not read, so missing packets do not mean that the client is gone.
        if (Session.Inbox.IsBusy) OnPacket();
        var left = TimeLeft();
        if (left > Lead) ArmBefore(left);
        else _ = CloseIfSilentAsync();
    }

    protected override bool IsDead(bool wasLate)
    {
        if (wasLate || Session.Inbox.IsBusy) OnPacket();
        var left = TimeLeft();
        if (left <= 0) return true;
        ArmBefore(left);
        return false;
    }

    private long TimeLeft() => Volatile.Read(ref _lastPacket) + Interval + Timeout - Now;
}
