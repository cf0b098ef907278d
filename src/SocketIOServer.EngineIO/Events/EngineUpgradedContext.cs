using SocketIOServer.EngineIO;

namespace SocketIOServer;

/// <summary>A connection that has moved to another transport.</summary>
public sealed class EngineUpgradedContext
{
    internal EngineUpgradedContext(EngineSession session) => Session = session;

    /// <summary>The connection. <see cref="EngineSession.TransportName"/> is the new transport.</summary>
    public EngineSession Session { get; }
}
