namespace SocketIOServer.EngineIO;

/// <summary>
/// The progress of an upgrade from polling to WebSocket (engine.io-protocol v4, "Upgrade"). Only one thread can take each step. This is a mutable struct, so
/// use it as a field and do not copy it.
/// </summary>
internal struct UpgradeProgress
{
    private int _state;

    public UpgradeState State => (UpgradeState)Volatile.Read(ref _state);

    /// <summary>Begins an upgrade. Returns false if one is running or was completed.</summary>
    public bool TryBegin() => Move(UpgradeState.None, UpgradeState.Probing);

    /// <summary>Records that the probe was answered.</summary>
    public void Answer() => Move(UpgradeState.Probing, UpgradeState.Answered);

    /// <summary>Completes the upgrade. A client that sends no probe goes from Probing to the end directly.</summary>
    public bool TryComplete() => Move(UpgradeState.Answered, UpgradeState.Upgraded) || Move(UpgradeState.Probing, UpgradeState.Upgraded);

    /// <summary>Cancels the upgrade, unless it was completed.</summary>
    public void Abandon()
    {
        if (!Move(UpgradeState.Probing, UpgradeState.None)) Move(UpgradeState.Answered, UpgradeState.None);
    }

    private bool Move(UpgradeState from, UpgradeState to) => Interlocked.CompareExchange(ref _state, (int)to, (int)from) == (int)from;
}
