namespace SocketIOServer.EngineIO;

/// <summary>The steps of a session from polling to WebSocket, each taken by one thread at most. engine.io-protocol v4, "Upgrade". A field, not a copy.</summary>
internal struct UpgradeProgress
{
    private int _state;

    public UpgradeState State => (UpgradeState)Volatile.Read(ref _state);

    /// <summary>A second transport asks to take over. False: one does already, or did.</summary>
    public bool TryBegin() => Move(UpgradeState.None, UpgradeState.Probing);

    /// <summary>Its probe is answered.</summary>
    public void Answer() => Move(UpgradeState.Probing, UpgradeState.Answered);

    /// <summary>The client has moved to it. From Probing: a client that left the probe out.</summary>
    public bool TryComplete() => Move(UpgradeState.Answered, UpgradeState.Upgraded) || Move(UpgradeState.Probing, UpgradeState.Upgraded);

    /// <summary>It has failed, unless the client has moved to it.</summary>
    public void Abandon()
    {
        if (!Move(UpgradeState.Probing, UpgradeState.None)) Move(UpgradeState.Answered, UpgradeState.None);
    }

    private bool Move(UpgradeState from, UpgradeState to) => Interlocked.CompareExchange(ref _state, (int)to, (int)from) == (int)from;
}
