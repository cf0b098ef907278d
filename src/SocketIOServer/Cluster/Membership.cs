using System.Collections.Concurrent;

namespace SocketIOServer.Cluster;

/// <summary>
/// Which of our servers are there. Each says so every two seconds on a channel of their own; one that is silent for six is gone. One that comes asks, and
/// the others answer at once. While the bus does not carry that channel nobody is declared dead.
/// </summary>
internal sealed partial class Membership : IDisposable
{
    // Of those that went without a word, so many are remembered: the engine may still count them.
    private const int MaxDead = 1000;

    // Whoever can publish on the bus can invent servers. More than so many are refused.
    private const int MaxOthers = 1000;

    // How long a server that starts waits for the others at most. One that died without a word is still counted by the engine for a while.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly ClusterNode _node;
    private readonly ConcurrentDictionary<string, RemoteNode> _others = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _dead = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _misfits = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _otherBridges = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly NodeDirectory _owners;
    private readonly NodeAnnouncer _announcer;

    // A server that does not look for longer cannot tell who was silent meanwhile.
    private readonly TimeSpan _longestPause;
    private IBusSubscription? _subscription;
    private TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private long _ticked;
    private int _count;
    private bool _wasUnheard;
    private bool _isStarted;
    private bool _isStopped;

    public Membership(ClusterNode node)
    {
        (_node, _owners, _announcer) = (node, new(node), new(node));
        var (beat, dead) = (node.Options.BeatInterval, node.Options.DeadAfter);
        _longestPause = dead - beat > 2 * beat ? dead - beat : 2 * beat;
    }

    /// <summary>A server has gone; true: it has said so.</summary>
    public event Action<RemoteNode, bool>? Gone;

    /// <summary>A server says that it does not have the namespace of a question in use.</summary>
    public event Action<string, string>? NotInUse;

    public IEnumerable<RemoteNode> Others => _others.Select(static entry => entry.Value);

    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether one of the others takes new clients.</summary>
    public bool CanTakeClients => _others.Any(static entry => !entry.Value.IsLeaving);

    /// <summary>Servers that went without a word and that the engine may still count as subscribers.</summary>
    public int DeadCount => _dead.Count;

    /// <summary>The engine counts none of those that went without a word: their connections have ended, as those of a process that was killed.</summary>
    public void ForgetDead() => _dead.Clear();

    /// <summary>Whether a namespace is in use here, for those who ask.</summary>
    public Func<string, bool> HasInUse { get; set; } = static _ => true;

    /// <summary>Called with each beat.</summary>
    public Action OnBeat { get; set; } = static () => { };

    /// <summary>
    /// True: this is an emitter and no server. It asks with each beat who is there and hears the answers on a channel of the emitters, so that the engine does
    /// not count it among the servers. They neither list it nor wait for it. Set before the start.
    /// </summary>
    public bool IsObserver { get => _announcer.IsObserver; set => _announcer.IsObserver = value; }

    /// <summary>A server with another wire is there: the two do not understand each other.</summary>
    public bool HasMisfit => !_misfits.IsEmpty;

    /// <summary>A server with other bridges is there: its clients and those on the other side of the bridge do not reach each other.</summary>
    public bool HasOtherBridges => !_otherBridges.IsEmpty;

    /// <summary>The server that has a session, if it is there and takes forwarded requests.</summary>
    public RemoteNode? FindOwner(string sessionId) => _owners.Find(sessionId);

    public RemoteNode? Find(string sender) => _others.GetValueOrDefault(sender);

    public void Start()
    {
        lock (_gate)
        {
            if (_isStarted || _isStopped) return;
            _isStarted = true;
        }

        _node.Bus.StateChanged += OnStateChanged;
        Interlocked.Exchange(ref _ticked, _node.Time.GetTimestamp());
        var subscription = _node.Bus.Subscribe(new(IsObserver ? _node.Wire.EmittersChannel : _node.Wire.NodesChannel), OnMessage);
        var timer = _node.Time.CreateTimer(static state => ((Membership)state!).OnTimer(), this, _node.Options.BeatInterval, _node.Options.BeatInterval);
        bool isStopped;
        lock (_gate)
        {
            isStopped = _isStopped;
            if (!isStopped) (_subscription, _timer) = (subscription, timer);
        }

        if (isStopped)
        {
            End(subscription, timer);
            return;
        }

        if (_node.Bus.State == BusState.Alive) _announcer.Hello();
    }

    /// <summary>This server goes.</summary>
    public void Stop()
    {
        IBusSubscription? subscription;
        ITimer? timer;
        lock (_gate)
        {
            if (_isStopped) return;
            _isStopped = true;
            (subscription, timer) = (_subscription, _timer);
        }

        if (subscription is null)
        {
            _announcer.EndAnswers();
            return;
        }

        _announcer.Bye();
        End(subscription, timer!);
    }

    public void Dispose() => Stop();

    /// <summary>
    /// Completes when all other servers have answered the hello of this one, as far as the engine counts them, and after a second at the latest. A server
    /// answers after it has noted the other one, so from then on it publishes everything to it.
    /// </summary>
    public async Task WhenKnownAsync(CancellationToken cancel)
    {
        if (_node.Bus.State != BusState.Alive) return;
        var begin = _node.Time.GetTimestamp();
        try
        {
            var counted = await _node.Bus.CountAsync(_node.Wire.NodesChannel, cancel).AsTask().WaitAsync(MaxWait, _node.Time, cancel);
            while (Joined() is var joined && Count < counted - 1)
            {
                var left = MaxWait - _node.Time.GetElapsedTime(begin);
                await joined.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _node.Time, cancel);
            }
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            // The time is over, or the bus has failed to count. What comes later is known then.
        }
    }

    /// <summary>Tells the others what has changed about this server.</summary>
    public void Announce()
    {
        if (_node.Bus.State == BusState.Alive) _announcer.Beat();
    }

    /// <summary>Tells the others that this server stops and takes no new clients. It stays a member until <see cref="Stop"/>.</summary>
    public void Leave()
    {
        _announcer.IsLeaving = true;
        Announce();
    }

    /// <summary>Something came from a server: that it is there need not be told.</summary>
    public void OnHeard(string sender)
    {
        if (_others.TryGetValue(sender, out var other)) other.OnHeard(_node.Time.GetTimestamp());
    }

    /// <summary>Asks those that do not have a namespace in use to say so, where the engine does not count subscribers.</summary>
    public void Ask(string @namespace, string requestId) => _announcer.Tell("ask", @namespace, requestId);

    private void End(IBusSubscription subscription, ITimer timer)
    {
        _node.Bus.StateChanged -= OnStateChanged;
        timer.Dispose();
        _ = subscription.DisposeAsync().AsTask();
    }

    private void OnTimer()
    {
        try
        {
            var now = _node.Time.GetTimestamp();
            var ticked = Interlocked.Exchange(ref _ticked, now);
            if (_node.Bus.State != BusState.Alive) return;
            if (!IsObserver && !_node.Bus.Carries(_node.Wire.NodesChannel))
            {
                // One that comes is not noticed, so nobody is alone.
                if (!Interlocked.Exchange(ref _wasUnheard, true)) _node.OnChanged();
                return;
            }

            if (_wasUnheard || _node.Time.GetElapsedTime(ticked, now) >= _longestPause)
            {
                // This process was stopped, or its machine slept: what the others said meanwhile has still to be read. Or the engine did not carry their channel.
                _wasUnheard = false;
                Renew(now);
                _announcer.Hello();
                return;
            }

            _announcer.Beat();
            foreach (var other in Others)
            {
                if (_node.Time.GetElapsedTime(other.Heard, now) >= _node.Options.DeadAfter) Remove(other, saidBye: false);
            }

            OnBeat();
        }
        catch (Exception e)
        {
            // A bus of a third party; nothing may escape to the timer's thread.
            LogFailed(_node.Logger, e);
        }
    }

    // What was silent while this server did not hear is not dead: each has its time anew.
    private void OnStateChanged(BusState state)
    {
        _node.OnChanged();
        _node.Losses.OnStateChanged(state);
        if (state != BusState.Alive) return;
        Renew(_node.Time.GetTimestamp());
        _announcer.Hello();
    }

    private void Renew(long now)
    {
        foreach (var other in Others) other.OnHeard(now);
    }

    private void OnMessage(string channel, ReadOnlySpan<byte> bytes)
    {
        if (!NodeMessage.TryRead(bytes, out var message))
        {
            _node.OnPoisoned();
            return;
        }

        if (message!.Sender == _node.Sender) return;
        if (message.Kind == "bye" && Find(message.Sender) is { } known) _node.Losses.OnSent(known, message);
        switch (message.Kind)
        {
            case "bye":
                if (_others.TryGetValue(message.Sender, out var leaving)) Remove(leaving, saidBye: true);
                return;
            case "who":
                // An emitter asks, which is no server and is not noted.
                _announcer.HasEmitters = true;
                _announcer.Tell("beat", toEmitters: true);
                if (message is { Namespace: { } unused, RequestId: { } question } && !HasInUse(unused)) _announcer.Tell("none", unused, question, toEmitters: true);
                return;
            case "ask" when message is { Namespace: { } name, RequestId: { } id } && !HasInUse(name):
                _announcer.Tell("none", name, id);
                break;
            case "none" when message.RequestId is { } id:
                NotInUse?.Invoke(message.Sender, id);
                break;
        }

        Note(message);
        if (message.Kind is "hello" or "beat" or "sent" && Find(message.Sender) is { } other) _node.Losses.OnSent(other, message);
        if (message.Kind == "hello") _announcer.Answer(Count);
    }

    private Task Joined()
    {
        lock (_gate) return _joined.Task;
    }

    private void Note(NodeMessage message)
    {
        if (Count >= MaxOthers && !_others.ContainsKey(message.Sender))
        {
            _node.OnPoisoned();
            return;
        }

        if (message.Wire != _node.Form && _misfits.TryAdd(message.Sender, true)) LogMisfit(_node.Logger, message.Name, message.Wire, _node.Form);
        if (message.Bridges != _node.Bridges && _otherBridges.TryAdd(message.Sender, true)) LogOtherBridges(_node.Logger, message.Name, message.Bridges, _node.Bridges);
        _dead.TryRemove(message.Sender, out _);
        var now = _node.Time.GetTimestamp();
        var member = new ClusterMember(message.Node, message.Name);
        if (_others.TryGetValue(message.Sender, out var known))
        {
            known.OnHeard(now);
        }
        else if (_others.TryAdd(message.Sender, known = new(member, message.Sender, now)))
        {
            TaskCompletionSource joined;
            lock (_gate)
            {
                _count++;
                (joined, _joined) = (_joined, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            _node.OnChanged();
            joined.TrySetResult();
            LogJoined(_node.Logger, message.Name, message.Node);
        }

        if (message is { IsLeaving: true, Kind: "hello" or "beat" } && !known.IsLeaving)
        {
            known.IsLeaving = true;
            LogLeaving(_node.Logger, message.Name, message.Node);
        }

        // A server that has drawn another id.
        if (known.Member != member) known.Member = member;
        if (message.Kind is "hello" or "beat" && _owners.Note(known, message, _others)) _announcer.Hello();
    }

    private void Remove(RemoteNode other, bool saidBye)
    {
        if (!_others.TryRemove(other.Sender, out _)) return;
        lock (_gate) _count--;
        _misfits.TryRemove(other.Sender, out _);
        _otherBridges.TryRemove(other.Sender, out _);
        _owners.Update(_others);
        other.OnGone();
        if (!saidBye)
        {
            if (_dead.Count >= MaxDead) _dead.Clear();
            _dead[other.Sender] = true;
        }

        if (saidBye) LogLeft(_node.Logger, other.Member.Name, other.Member.Id);
        else LogDead(_node.Logger, other.Member.Name, other.Member.Id, _node.Options.DeadAfter.TotalSeconds);
        Gone?.Invoke(other, saidBye);
    }
}
