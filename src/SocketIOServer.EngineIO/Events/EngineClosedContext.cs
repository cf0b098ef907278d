using SocketIOServer.EngineIO;

namespace SocketIOServer;

/// <summary>A connection that has closed.</summary>
public sealed class EngineClosedContext
{
    private readonly CloseReason _reason;

    internal EngineClosedContext(EngineSession session, CloseReason reason) => (Session, _reason) = (session, reason);

    /// <summary>The connection.</summary>
    public EngineSession Session { get; }

    /// <summary>
    /// The reason in the words of Node's server: <c>transport close</c>, <c>transport error</c>, <c>ping timeout</c>, <c>parse error</c>, <c>forced close</c>,
    /// <c>server shutting down</c>.
    /// </summary>
    public string Reason => _reason.Text;

    /// <summary>More about the reason, for a log, or null.</summary>
    public string? Details => _reason.Detail;
}
