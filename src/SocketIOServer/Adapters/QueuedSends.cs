using SocketIOServer.EngineIO;

namespace SocketIOServer.Adapters;

/// <summary>The sessions that messages were queued for under a lock. They are sent to, or closed, once the lock is left.</summary>
internal sealed class QueuedSends
{
    // Of a broadcast to so many the memory is not kept.
    private const int MaxKept = 4096;

    [ThreadStatic]
    private static QueuedSends? _unused;

    private readonly List<(EngineSession Session, AddResult Result, bool WakesReader)> _sessions = [];
    private readonly List<EngineSession> _closing = [];
    private ISharedOrder? _order;

    public static QueuedSends Begin()
    {
        var sends = _unused ?? new();
        _unused = null;
        return sends;
    }

    /// <summary>Queues a message.</summary>
    public void Add(EngineSession session, OutgoingMessage message, bool isVolatile = false)
    {
        var result = session.Queue(message, isVolatile, out var wakesReader);
        if (wakesReader || result == AddResult.Full) _sessions.Add((session, result, wakesReader));
    }

    /// <summary>Closes a session behind what is queued for it.</summary>
    public void AddClose(EngineSession session) => _closing.Add(session);

    /// <summary>Something was posted to the order of a cluster's log.</summary>
    public void AddWork(ISharedOrder order) => _order = order;

    /// <summary>Sends what was queued. The caller holds no lock.</summary>
    /// <param name="isForMany">See <see cref="EngineSession.Send"/>.</param>
    public void End(bool isForMany)
    {
        foreach (var (session, result, wakesReader) in _sessions) session.Flush(result, wakesReader, isForMany);
        // The connect packet is out.
        var order = _order;
        _order = null;
        order?.Work();
        foreach (var session in _closing) session.Close(CloseReason.ForcedClose);
        if (_sessions.Capacity > MaxKept) return;
        _sessions.Clear();
        _closing.Clear();
        _unused = this;
    }
}
