namespace SocketIOServer.EngineIO;

/// <summary>Engine.IO 4: the server pings. engine.io-protocol v4, "Heartbeat".</summary>
internal sealed class ServerPings(EngineSession session, EngineOptions options, TimeProvider time) : Heartbeat(session, options, time)
{
    private readonly Lock _gate = new();
    private long _due;
    private long _deadline;
    private bool _isExtended;

    public override bool IsOverdue
    {
        get
        {
            lock (_gate) return _deadline != 0 && Now >= _deadline && !Session.Inbox.IsBusy;
        }
    }

    public override void Start()
    {
        lock (_gate) _due = Now + Interval;
        Arm(Interval);
    }

    // engine.io 6.6.10 and newer: while a pong is due, the first other packet restarts the timeout once.
    public override void OnPacket()
    {
        if (Volatile.Read(ref _deadline) == 0) return;
        lock (_gate)
        {
            if (_deadline == 0 || _isExtended) return;
            _isExtended = true;
            _deadline = Now + Timeout;
        }
    }

    // The ping of revision 3. Some boards send it on revision 4 too, and treat the connection as dead if they get no answer.
    public override bool OnPing()
    {
        Session.Send(OutgoingMessage.Pong);
        return true;
    }

    public override bool OnPong()
    {
        lock (_gate)
        {
            if (_deadline == 0) return true;
            _deadline = 0;
            Arm(_due - Now);
        }

        return true;
    }

    protected override void OnTimer()
    {
        bool mayBeDead;
        lock (_gate)
        {
            var now = Now;
            var isWaiting = _deadline != 0;
            // A session that is busy in a handler does not read, so the missing pong does not mean that the client is gone.
            if (isWaiting && now >= _deadline && Session.Inbox.IsBusy) _deadline = now + Timeout;
            if (isWaiting ? now < _deadline - Lead : now < _due - Early)
            {
                if (isWaiting) ArmBefore(_deadline - now);
                else Arm(_due - now);
                return;
            }

            mayBeDead = isWaiting;
            if (!mayBeDead)
            {
                // The timeout begins when the ping was due. After a long pause of this process, the client gets the full timeout.
                _deadline = now - _due < Timeout / 2 ? _due + Timeout : now + Timeout;
                _isExtended = false;
                _due = Math.Max(_due + Interval, now);
                ArmBefore(_deadline - now);
            }
        }

        if (mayBeDead) _ = CloseIfSilentAsync();
        else Session.Send(OutgoingMessage.Ping);
    }

    protected override bool IsDead(bool wasLate)
    {
        lock (_gate)
        {
            // The pong has arrived and has armed the timer for the next ping.
            if (_deadline == 0) return false;
            var now = Now;
            if (now >= _deadline)
            {
                if (!wasLate && !Session.Inbox.IsBusy) return true;
                _deadline = now + Timeout;
            }

            ArmBefore(_deadline - now);
            return false;
        }
    }
}
