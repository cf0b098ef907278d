namespace SocketIOServer.Adapters;

/// <summary>
/// An event that is sent to many sockets and asks each of them for an ack. The server gives its own to <see cref="Adapter.CallAsync"/>, which asks every
/// receiver. An adapter that spans processes derives one too: in the process that is asked, it sends the answers back. Methods that adapters override
/// are called on any thread, for one socket after another or for several at a time. They must not wait.
/// </summary>
/// <param name="event">What is sent.</param>
/// <param name="timeout">How long answers are waited for.</param>
public abstract class BroadcastCall(EncodedEvent @event, TimeSpan timeout)
{
    private readonly Lock _gate = new();
    private readonly List<(Member Member, long AckId)> _asked = [];
    private Action? _ended;
    private bool _hasEnded;
    private bool _hasAsked;

    /// <summary>What is sent.</summary>
    public EncodedEvent Event => @event;

    /// <summary>How long answers are waited for, from the beginning of the call.</summary>
    public TimeSpan Timeout => timeout;

    /// <summary>Whether a socket was asked, in this process or, as far as the call knows it, in another one.</summary>
    public virtual bool HasAsked => Volatile.Read(ref _hasAsked);

    /// <summary>Sends the event to a socket of this process. <see cref="OnAsked"/> comes first, then <see cref="OnAnswered"/> or <see cref="OnLeft"/>.</summary>
    /// <param name="member">The socket.</param>
    public void Ask(Member member)
    {
        ArgumentNullException.ThrowIfNull(member);
        // Before the packet is sent, or the answer could come first.
        Volatile.Write(ref _hasAsked, true);
        OnAsked(member.Id);
        if (member.Ask(this) is not { } id)
        {
            OnLeft(member.Id);
            return;
        }

        lock (_gate)
        {
            if (!_hasEnded)
            {
                _asked.Add((member, id));
                return;
            }
        }

        member.Forget(id);
    }

    /// <summary>Ends the call: acks that come later are ignored. Whoever made the call ends it, by its timeout at the latest.</summary>
    public void End()
    {
        Action? ended;
        lock (_gate)
        {
            _hasEnded = true;
            (ended, _ended) = (_ended, null);
        }

        foreach (var (member, id) in _asked) member.Forget(id);
        ended?.Invoke();
    }

    /// <summary>Runs something when the call ends, at once if it has ended: an adapter that asks other processes forgets the call then.</summary>
    /// <param name="action">It must not wait and must not throw.</param>
    public void OnEnded(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        lock (_gate)
        {
            if (!_hasEnded)
            {
                _ended += action;
                return;
            }
        }

        action();
    }

    /// <summary>Another server did not say in time whom it has asked.</summary>
    /// <param name="name">The name of the server.</param>
    public virtual void OnNodeMissing(string name)
    {
    }

    /// <summary>A socket was asked, in this process or in another one, and one answer more is waited for.</summary>
    /// <param name="socketId">The socket's id.</param>
    public abstract void OnAsked(string socketId);

    /// <summary>A socket has answered.</summary>
    /// <param name="socketId">An id that <see cref="OnAsked"/> was called with.</param>
    /// <param name="json">
    /// The arguments of the ack as a JSON array, with placeholders for binary as in <see cref="EncodedEvent.Read"/>. Borrowed: valid until the method returns.
    /// An adapter may pass on what it got from another process; if it is not well-formed, the socket counts as one that did not answer.
    /// </param>
    /// <param name="attachments">The binary arguments.</param>
    public abstract void OnAnswered(string socketId, ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments);

    /// <summary>A socket that was asked has left, so it does not answer.</summary>
    /// <param name="socketId">An id that <see cref="OnAsked"/> was called with.</param>
    public abstract void OnLeft(string socketId);

    /// <summary>The member of this process that was asked under an id, for the log; null where there is none.</summary>
    private protected Member? Find(string socketId)
    {
        lock (_gate) return _asked.Find(asked => asked.Member.Id == socketId).Member;
    }
}
