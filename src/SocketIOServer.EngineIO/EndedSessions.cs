using System.Diagnostics.CodeAnalysis;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Remembers why recent polling sessions ended. A client often has one more request on its way. The log can then give the reason for the end, and does not
/// blame a proxy for sending the request to the wrong server. All members can be used from any thread.
/// </summary>
internal sealed class EndedSessions
{
    private const int MaxRemembered = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, CloseReason> _reasons = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    public void Add(string id, CloseReason reason)
    {
        lock (_gate)
        {
            if (_order.Count == MaxRemembered) _reasons.Remove(_order.Dequeue());
            _order.Enqueue(id);
            _reasons[id] = reason;
        }
    }

    public bool TryFind(string id, [NotNullWhen(true)] out CloseReason? reason)
    {
        lock (_gate) return _reasons.TryGetValue(id, out reason);
    }
}
