using System.Collections.Concurrent;
using System.Collections.Immutable;
using SocketIOServer.Adapters;
using SocketIOServer.EngineIO;
using SocketIOServer.Recovery;

namespace SocketIOServer.Cluster;

/// <summary>
/// One namespace across servers. It has an <see cref="InMemoryAdapter"/> for the sockets of this server; it turns calls into messages to the others, and
/// <see cref="ClusterReceiver"/> turns their messages into calls of it. Local sockets never wait for the bus.
/// </summary>
internal sealed partial class ClusterAdapter : Adapter, IServerEvents
{
    // The longest time that Node's servers take. Without one, they and ours stop waiting after a time of their own.
    private static readonly TimeSpan Forever = TimeSpan.FromMilliseconds(int.MaxValue);

    // What a bridge brings has no number. The program's own local events look the same.
    private static readonly EventOrigin Bridged = new("bridge", 0);

    private readonly AdapterContext _context;
    private readonly ClusterNode _node;
    private readonly InMemoryAdapter _local;
    private readonly ClusterReceiver _receiver;
    private readonly RoomSubscriptions _rooms;
    private readonly ClusterRequests _requests;
    private readonly ForeignServers _foreign;
    private readonly ConcurrentDictionary<string, CallOfOthers> _calls = new(StringComparer.Ordinal);
    private readonly AloneCheck _alone;
    private readonly Lock _gate = new();
    private readonly AnswerListener _answers;
    private readonly LogDelivery? _delivery;
    private readonly ReceivedNumbers _received;

    // No channel can have the namespace's name.
    private readonly bool _hasNoChannel;
    private bool _isInUse;
    private IBusSubscription[] _subscriptions = [];
    private SentNumbers.Counter? _sent;
    private long _logged;
    private long _lastSent;

    public ClusterAdapter(AdapterContext context, ClusterNode node)
    {
        (_context, _node) = (context, node);
        Cluster = $"{node.Bus.Name}:{node.Form}:{node.Wire.Prefix}";
        _hasNoChannel = !node.Wire.CanCarry(context.Namespace);
        if (_hasNoChannel && context.IsDeclared)
            throw new ArgumentException($"The name of the namespace \"{context.Namespace}\" is too long for a channel of the cluster's bus {node.Bus.Name}, or has a character that none can have.");
        if (_hasNoChannel && node.IsFirstWithoutChannel()) LogNoChannel(node.Logger, LogText.Of(context.Namespace), node.Bus.Name);
        // Node's servers answer again or have a heartbeat; where they have none, they are remembered for longer.
        _foreign = new(node, node.Wire.HasHeartbeats ? Heartbeats.DeadAfter : 10 * node.Options.DeadAfter);
        _requests = new(node, context, _foreign);
        _alone = new(node, context.Namespace);
        _rooms = new(node, context.Namespace, context.Rooms, context.Log?.Gate, OnMessage);
        _local = new(context, _rooms);
        var isShared = context is { SharesLog: true, Log: not null } && !_hasNoChannel;
        if (node.Log is { } log && (log.DeliversInOrder || isShared)) _delivery = new(log, node, _local, isShared ? context.Log : null, context.Namespace, MarkerOf);
        if (isShared) context.Log!.Shared = this;
        _received = new(node, context.Namespace, node.Log is null ? context.Log : null);
        if (node.Log is null && context.Log is { } events) events.InDoubt = () => IsInDoubt;
        _receiver = new(this, context, node, _local, _requests, _calls, _alone, _foreign, _delivery, _received);
        _answers = new(node.Bus, node.Wire.AnswerChannels(context.Namespace, node.Sender), OnMessage);
        if (node.Log is not null) _logged = node.NextNumbers();
    }

    /// <summary>Questions that wait for answers.</summary>
    public int OpenQuestions => _requests.OpenCount;

    /// <summary>Answers that have come to them.</summary>
    public int Answers => _requests.AnswerCount;

    /// <summary>Null: no room has a channel of its own.</summary>
    public ISessionRooms? SessionRooms => _node.Wire.HearsAll ? null : _rooms;

    /// <summary>Channels of rooms that it listens to.</summary>
    public int RoomChannels => _rooms.Count;

    public override string? Cluster { get; }

    /// <summary>Servers that are none of ours and are known to be there.</summary>
    public int ForeignServers => _foreign.Known().Count;

    /// <summary>The namespace is in use on this server.</summary>
    public bool IsInUse
    {
        get
        {
            lock (_gate) return _isInUse;
        }
    }

    public override void Start()
    {
        // One thread at a time starts and stops an adapter. The lock is for those who ask whether it is in use.
        if (IsInUse) return;
        // Answers are listened to in any case: a channel that has both is one subscription.
        var answers = _node.Wire.AnswerChannels(_context.Namespace, _node.Sender);
        IBusSubscription[] subscriptions = _hasNoChannel
            ? []
            : [.. _node.Wire.ChannelsOf(_context.Namespace).Where(channel => !answers.Contains(channel)).Select(channel => _node.Bus.Subscribe(channel, OnMessage))];
        _received.Begin();
        _context.Log?.ForgetOthers(_node.Sender);
        lock (_gate) (_isInUse, _subscriptions) = (true, subscriptions);
        _node.Use(_context.Namespace, this);
        _node.Log?.Use(_context.Namespace);
        if (_hasNoChannel) return;
        _answers.Use();
        if (_node.Wire.HasHeartbeats) _ = AnnounceSoonAsync();
    }

    public override void Stop()
    {
        IBusSubscription[] subscriptions;
        lock (_gate)
        {
            if (!_isInUse) return;
            _isInUse = false;
            (subscriptions, _subscriptions) = (_subscriptions, []);
        }

        SayBye();
        _node.Release(_context.Namespace, this);
        _alone.Reset();
        _rooms.Clear();
        _receiver.Clear();
        foreach (var subscription in subscriptions) _ = subscription.DisposeAsync().AsTask();
        if (!_hasNoChannel) _answers.Release();
    }

    public override void Add(Member member)
    {
        _local.Add(member);
        _rooms.NoteSocket(member.Id, isThere: true);
    }

    public override IReadOnlyCollection<string> Remove(Member member)
    {
        // One that was never let in was never added.
        var wasAdded = _local.Find(member.Id) == member;
        var rooms = _local.Remove(member);
        if (wasAdded) _rooms.NoteSocket(member.Id, isThere: false);
        return rooms;
    }

    public override void Join(Member member, ReadOnlySpan<string> rooms) => _local.Join(member, rooms);

    internal override int JoinWithHistory(Member member, string room, int maxEvents) => _local.JoinWithHistory(member, room, maxEvents);

    public override void Leave(Member member, ReadOnlySpan<string> rooms) => _local.Leave(member, rooms);

    public override IReadOnlyCollection<string> RoomsOf(Member member) => _local.RoomsOf(member);

    public override Member? Find(string socketId) => _local.Find(socketId);

    public override ValueTask BroadcastAsync(EncodedEvent @event, Target target)
    {
        if (_delivery is not null) return BroadcastInOrder(_delivery, @event, target);
        // Reading costs as much as delivering to a socket.
        if (target.IsLocal) return _local.BroadcastAsync(@event, target, LocalOrigin);
        if (_alone.IsAlone) return _local.BroadcastAsync(@event, target);
        var number = NextNumber();
        var local = _local.BroadcastAsync(@event, target, new(_node.Sender, number));
        var (json, attachments) = @event.Read();
        Publish(new() { Type = ClusterMessageType.Broadcast, Target = target, Json = json, Attachments = attachments, Number = number });
        return local;
    }

    public override ValueTask JoinAsync(Target target, ImmutableArray<string> rooms) => Change(new() { Type = ClusterMessageType.Join, Target = target, Rooms = rooms });

    public override ValueTask LeaveAsync(Target target, ImmutableArray<string> rooms) => Change(new() { Type = ClusterMessageType.Leave, Target = target, Rooms = rooms });

    public override ValueTask DisconnectAsync(Target target, bool close) => Change(new() { Type = ClusterMessageType.Disconnect, Target = target, Close = close });

    public override async ValueTask CallAsync(BroadcastCall call, Target target, CancellationToken cancel)
    {
        var deadline = new Deadline(_node.Time, call.Timeout);
        if (_delivery is { IsIdle: false } delivery) await AskBehindAsync(delivery, call, target, cancel);
        else await _local.CallAsync(call, target, cancel);
        if (target.IsLocal) return;
        RemoteNode[] asked = [.. _node.Members.Others];
        if (_hasNoChannel || _requests.Open() is not { } question)
        {
            foreach (var node in asked) call.OnNodeMissing(node.Member.Name);
            return;
        }

        _calls[question.Id] = new(call, question);
        _answers.Use();
        // Acks come later than the news of who was asked.
        call.OnEnded(() =>
        {
            if (!_calls.TryRemove(question.Id, out _)) return;
            _requests.Close(question);
            OnAsked();
            _answers.Release();
        });
        var (json, attachments) = call.Event.Read();
        var message = new ClusterMessage
        {
            Type = ClusterMessageType.Broadcast,
            RequestId = question.Id,
            Target = target,
            Json = json,
            Attachments = attachments,
            Timeout = call.Timeout > TimeSpan.Zero ? call.Timeout : call.Timeout == Timeout.InfiniteTimeSpan ? Forever : null,
        };
        await WhenListeningAsync(deadline, cancel);
        await _requests.AskAsync(question, _ => Publish(message), IsInUse, deadline, cancel);
        foreach (var name in question.MissingOf(asked)) call.OnNodeMissing(name);
    }

    public override async ValueTask<IReadOnlyList<SocketSnapshot>> FetchAsync(Target target, CancellationToken cancel)
    {
        SocketSnapshot[] own = [.. (await _local.FetchAsync(target, cancel)).Select(socket => socket with { NodeId = _node.Id })];
        if (target.IsLocal) return own;
        var (answers, missing) = await AskAsync(_ => Fetch(target), null, cancel);
        return new SnapshotList([.. own, .. answers.SelectMany(static answer => answer.Sockets)], missing);
    }

    public override async ValueTask<int> CountAsync(Target target, CancellationToken cancel) => (await CountSocketsAsync(target, cancel)).Count;

    public override async ValueTask<SocketCount> CountSocketsAsync(Target target, CancellationToken cancel)
    {
        var own = await _local.CountAsync(target, cancel);
        if (target.IsLocal) return new(own, []);
        // Node's servers do not know the question for a count.
        var (answers, missing) = await AskAsync(hasForeign => hasForeign ? Fetch(target) with { Instead = ClusterMessageType.Count } : Fetch(target) with { Type = ClusterMessageType.Count }, null, cancel);
        return new(own + answers.Sum(static answer => answer.Type == ClusterMessageType.CountResponse ? answer.Count : answer.Sockets.Count), missing);
    }

    public override async ValueTask<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel)
    {
        var own = await _local.RoomsAsync(cancel);
        var (answers, _) = await AskAsync(hasForeign => hasForeign ? Fetch(Target.Everyone) with { Instead = ClusterMessageType.Rooms } : Fetch(Target.Everyone) with { Type = ClusterMessageType.Rooms }, null, cancel);
        var others = answers.SelectMany(static answer => answer.Rooms.Concat(answer.Sockets.SelectMany(static socket => socket.Rooms.Where(room => room != socket.Id))));
        return [.. own.Concat(others).Distinct(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void EmitToServers(EncodedEvent @event)
    {
        if (_alone.IsAlone) return;
        var (json, attachments) = @event.Read();
        Publish(new() { Type = ClusterMessageType.ServerEvent, Json = json, Attachments = attachments });
    }

    /// <summary>The same, and waits for their answers.</summary>
    public Task<(IReadOnlyList<ClusterMessage> Answers, IReadOnlyList<string> MissingNodes)> CallServersAsync(EncodedEvent @event, TimeSpan? timeout, CancellationToken cancel)
    {
        var (json, attachments) = @event.Read();
        return AskAsync(_ => new() { Type = ClusterMessageType.ServerEvent, Json = json, Attachments = attachments }, timeout, cancel);
    }

    /// <summary>Finds out whether anybody else is there.</summary>
    public void OnBeat()
    {
        _received.Check();
        IBusSubscription[] subscriptions;
        lock (_gate) subscriptions = _subscriptions;
        _alone.OnBeat(subscriptions.Length > 0 && Array.TrueForAll(subscriptions, static one => one.Ready.IsCompletedSuccessfully));
    }

    /// <summary>Answers a question of another server.</summary>
    public void Answer(in ClusterMessage question, in ClusterMessage answer) =>
        Send(answer with { NodeId = _node.Id, Receiver = question.Sender, RequestId = question.RequestId });

    private static ClusterMessage Fetch(Target target) => new() { Type = ClusterMessageType.Fetch, Target = target };

    /// <summary>Sends a message to the other servers, whether or not anybody is there. False: neither the bus nor the log has taken it.</summary>
    public bool Publish(in ClusterMessage message)
    {
        if (_node.Log is { } log && _node.Wire.IsLogged(message)) return Append(log, EntryOf(message, null));
        if (message.Number > 0) return Send(message);
        // Beside a log, the numbers of what is published say nothing of events.
        return Send(message with { Number = _node.Log is null ? Noted(NextSent()) : NextSent() });
    }

    // Of an event, which is noted together with the event.
    private long NextNumber() => _node.Log is null ? NextSent() : Interlocked.Increment(ref _logged);

    private long NextSent() => (Volatile.Read(ref _sent) ?? Interlocked.CompareExchange(ref _sent, _node.Sent.Of(_context.Namespace), null) ?? _sent).Next();

    // The number of something else.
    private long Noted(long number)
    {
        _context.Log?.NoteNumber(_node.Sender, number);
        return number;
    }

    // Entries have numbers of their own, because they and what is published overtake each other.
    private LogEntry EntryOf(in ClusterMessage message, LogDelivery.Item? waiting) => new()
    {
        Sender = _node.Sender,
        Namespace = _context.Namespace,
        Type = (int)message.Type,
        Data = _node.Wire.WriteLogged(message, _context.Encoder),
        Number = message.Number > 0 ? message.Number : NumberOf(message),
        IsVolatile = message.Target.IsVolatile,
        Waiting = waiting,
    };

    private long NumberOf(in ClusterMessage message)
    {
        var number = Interlocked.Increment(ref _logged);
        return message.Type == ClusterMessageType.Broadcast ? number : Noted(number);
    }

    private bool Append(IClusterLog log, LogEntry entry)
    {
        if (log.Append(entry)) return true;
        _node.OnRefused();
        return false;
    }

    private EventOrigin LocalOrigin => _node.Bridges.Length > 0 ? Bridged : default;

    private ValueTask Change(in ClusterMessage message)
    {
        var change = ClusterReceiver.ChangeOf(message);
        if (_delivery is not null) return ChangeInOrder(_delivery, message, change);
        if (message.Target.IsLocal || _alone.IsAlone) return _local.Change(change, default);
        // Beside a log, the numbers of what is published say nothing of changes.
        var number = _node.Log is null ? NextSent() : 0;
        var local = _local.Change(change, number > 0 ? new(_node.Sender, number) : default);
        Publish(message with { Number = number });
        return local;
    }

    // A number that is not published is a gap for the others, as it should be.
    private bool Send(in ClusterMessage message)
    {
        if (_hasNoChannel) return false;
        Volatile.Write(ref _lastSent, _node.Time.GetTimestamp());
        if (_node.Bus.Publish(_node.Wire.ChannelOf(_context.Namespace, message), _node.Wire.Write(_context.Namespace, message with { Sender = _node.Sender }, _context.Encoder))) return true;
        _node.OnRefused();
        return false;
    }

    /// <summary>An entry of the log that another server has written.</summary>
    public void OnEntry(EntryId id, LogEntry entry) => _receiver.OnEntry(id, entry);

    /// <summary>The bus is alive again: what servers told each other meanwhile was lost.</summary>
    public void OnBusAlive() => _context.ClusterEvents?.OnReconnected();

    /// <summary>While the log is not alive, nobody waits for it.</summary>
    public void OnLogChanged(BusState state) => _delivery?.OnChanged(state);

    /// <summary>Takes a message of a channel that it has subscribed to, or that an emitter has.</summary>
    private void OnMessage(string channel, ReadOnlySpan<byte> bytes) => _receiver.OnMessage(channel, bytes);
}
