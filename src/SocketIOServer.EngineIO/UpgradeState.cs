namespace SocketIOServer.EngineIO;

/// <summary>The steps of an upgrade from polling to WebSocket (engine.io-protocol v4, "Upgrade").</summary>
internal enum UpgradeState
{
    None,
    Probing,
    Answered,
    Upgraded,
}
