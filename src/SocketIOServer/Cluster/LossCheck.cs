namespace SocketIOServer.Cluster;

/// <summary>
/// Finds out whether events of other servers were lost while this server did not hear them, or they did not reach the bus. Each server tells the numbers of its
/// latest messages with its beats, and all of them to one that says hello. Where everything that they have sent was heard, an outage costs no session.
/// </summary>
/// <remarks>Events of servers that do not number them, such as Node's, are lost in an outage without a trace, so they are taken for lost.</remarks>
internal sealed class LossCheck
{
    // Whoever can publish on the bus can invent namespaces.
    private const int MaxNamespaces = 10_000;

    private readonly ClusterNode _node;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _awaited = new(StringComparer.Ordinal);
    private long _since;
    private volatile bool _isWaiting;
    private volatile bool _isOut;

    public LossCheck(ClusterNode node, Membership members)
    {
        _node = node;
        members.Gone += (other, _) => OnGone(other);
    }

    /// <summary>The bus does not carry messages.</summary>
    public bool IsOut => _isOut;

    /// <summary>Other servers may have sent what this one has not heard.</summary>
    public bool IsInDoubt => _isWaiting || _isOut && _node.Members.Count > 0;

    /// <summary>Called before this server says hello.</summary>
    public void OnStateChanged(BusState state)
    {
        // A log has its own order, and entries that wait there for who is away.
        if (_node.Log is not null) return;
        if (state != BusState.Alive)
        {
            _isOut = true;
            return;
        }

        lock (_gate)
        {
            _since = _node.Time.GetTimestamp();
            foreach (var other in _node.Members.Others)
            {
                other.IsCompared = false;
                _awaited.Add(other.Sender);
            }

            _isWaiting = _awaited.Count > 0;
        }

        _isOut = false;
        foreach (var (_, adapter) in _node.InUse) adapter.OnHeardAgain();
    }

    /// <summary>A server tells the numbers of its latest messages.</summary>
    public void OnSent(RemoteNode other, NodeMessage message)
    {
        if (_node.Log is not null) return;
        var (isFirst, at) = (!other.IsCompared, other.SentAt);
        foreach (var (name, number) in message.Sent)
        {
            var before = other.Sent.GetValueOrDefault(name);
            if (before > 0 || other.Sent.Count < MaxNamespaces) other.Sent[name] = number;
            if (_node.InUse.TryGetValue(name, out var adapter)) adapter.OnSent(other.Sender, number, before, isFirst, at);
        }

        // Where not everybody hears everything, the numbers do not show what the sender could not publish.
        if (!_node.Wire.HearsAll && message.Lost > other.Lost) NoteGaps();
        other.Lost = message.Lost;
        if (message.Kind != "sent") other.SentAt = _node.Time.GetTimestamp();
        if (!message.IsWhole) return;
        if (isFirst && message.IsPartial) NoteGaps();
        other.IsCompared = true;
        IsAwaited(other);
    }

    /// <summary>A server that has not told its numbers for as long as one that is dead is not waited for.</summary>
    public void OnBeat()
    {
        if (!_isWaiting) return;
        lock (_gate)
        {
            if (_node.Time.GetElapsedTime(_since) < _node.Options.DeadAfter) return;
            _awaited.Clear();
            _isWaiting = false;
        }

        NoteGaps();
    }

    /// <summary>The latest number that a server has told of a namespace after a moment, or that it has sent nothing by then: 0. Null: it has told nothing since.</summary>
    public long? ToldSince(string sender, string @namespace, long since) =>
        _node.Members.Find(sender) is { IsCompared: true } other && other.SentAt > since ? other.Sent.GetValueOrDefault(@namespace) : null;

    private void OnGone(RemoteNode other)
    {
        // Nobody can tell any more what it has sent.
        if (IsAwaited(other)) NoteGaps();
    }

    private bool IsAwaited(RemoteNode other)
    {
        lock (_gate)
        {
            var was = _awaited.Remove(other.Sender);
            _isWaiting = _awaited.Count > 0;
            return was;
        }
    }

    private void NoteGaps()
    {
        foreach (var (_, adapter) in _node.InUse) adapter.NoteGap();
    }
}
