namespace SocketIOServer.EngineIO;

/// <summary>How far a session is on its way from polling to WebSocket. engine.io-protocol v4, "Upgrade".</summary>
internal enum UpgradeState
{
    None,
    Probing,
    Answered,
    Upgraded,
}
