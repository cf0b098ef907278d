using System.Collections.Immutable;
using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>
/// One namespace across servers. It has an <see cref="InMemoryAdapter"/> for the sockets of this server; it turns calls into messages to the others, and
/// their messages into calls of it. Local sockets never wait for the bus.
/// </summary>
internal sealed class ClusterAdapter : Adapter
{
    private readonly AdapterContext _context;
    private readonly ClusterNode _node;
    private readonly WireLimits _limits;
    private readonly InMemoryAdapter _local;
    private readonly ReceivedNumbers _received;
    private readonly Lock _gate = new();
    private IBusSubscription[] _subscriptions = [];
    private long _number;

    public ClusterAdapter(AdapterContext context, ClusterNode node)
    {
        (_context, _node) = (context, node);
        _limits = new(Bytes: node.Options.MaxMessageBytes, Depth: Math.Max(64, context.Encoder.Options.MaxDepth));
        _received = new(node);
        _local = new(context);
        _number = node.NextNumbers();
    }

    public override void Start()
    {
        lock (_gate)
        {
            if (_subscriptions.Length > 0) return;
            _subscriptions =
            [
                .. _node.Wire.ChannelsOf(_context.Namespace).Select(channel => _node.Bus.Subscribe(channel, OnMessage)),
                _node.Bus.Subscribe(_node.Wire.AnswerChannel(_context.Namespace, _node.Sender), OnMessage),
            ];
        }
    }

    public override void Stop()
    {
        IBusSubscription[] subscriptions;
        lock (_gate) (subscriptions, _subscriptions) = (_subscriptions, []);
        foreach (var subscription in subscriptions) _ = subscription.DisposeAsync().AsTask();
    }

    public override void Add(Member member) => _local.Add(member);

    public override IReadOnlyCollection<string> Remove(Member member) => _local.Remove(member);

    public override void Join(Member member, ReadOnlySpan<string> rooms) => _local.Join(member, rooms);

    public override void Leave(Member member, ReadOnlySpan<string> rooms) => _local.Leave(member, rooms);

    public override IReadOnlyCollection<string> RoomsOf(Member member) => _local.RoomsOf(member);

    public override Member? Find(string socketId) => _local.Find(socketId);

    public override ValueTask BroadcastAsync(EncodedEvent @event, Target target)
    {
        var local = _local.BroadcastAsync(@event, target);
        if (target.IsLocal) return local;
        var (json, attachments) = @event.Read();
        Publish(new() { Type = ClusterMessageType.Broadcast, Sender = _node.Sender, Target = target, Json = json, Attachments = attachments });
        return local;
    }

    public override ValueTask CallAsync(BroadcastCall call, Target target, CancellationToken cancel) => _local.CallAsync(call, target, cancel);

    public override ValueTask<IReadOnlyList<SocketSnapshot>> FetchAsync(Target target, CancellationToken cancel) => _local.FetchAsync(target, cancel);

    public override ValueTask<int> CountAsync(Target target, CancellationToken cancel) => _local.CountAsync(target, cancel);

    public override ValueTask<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel) => _local.RoomsAsync(cancel);

    public override ValueTask JoinAsync(Target target, ImmutableArray<string> rooms)
    {
        var local = _local.JoinAsync(target, rooms);
        if (!target.IsLocal) Publish(new() { Type = ClusterMessageType.Join, Sender = _node.Sender, Target = target, Rooms = rooms });
        return local;
    }

    public override ValueTask LeaveAsync(Target target, ImmutableArray<string> rooms)
    {
        var local = _local.LeaveAsync(target, rooms);
        if (!target.IsLocal) Publish(new() { Type = ClusterMessageType.Leave, Sender = _node.Sender, Target = target, Rooms = rooms });
        return local;
    }

    public override ValueTask DisconnectAsync(Target target, bool close)
    {
        var local = _local.DisconnectAsync(target, close);
        if (!target.IsLocal) Publish(new() { Type = ClusterMessageType.Disconnect, Sender = _node.Sender, Target = target, Close = close });
        return local;
    }

    private void Publish(ClusterMessage message)
    {
        // A number that is not published is a gap for the others, as it should be.
        message = message with { Number = Interlocked.Increment(ref _number) };
        _node.Bus.Publish(_node.Wire.ChannelOf(_context.Namespace, message), _node.Wire.Write(_context.Namespace, message, _context.Encoder));
    }

    private void OnMessage(string channel, ReadOnlySpan<byte> bytes)
    {
        if (!_node.Wire.TryRead(channel, bytes, _limits, _context.Encoder, out var message) || message.Namespace is { } name && name != _context.Namespace)
        {
            _node.OnPoisoned();
            return;
        }

        if (message.Sender == _node.Sender) return;
        if (message.Number > 0 && _node.Wire.HearsAll) _received.Note(message.Sender, message.Number);
        Receive(message);
    }

    // All of these complete at once: the local adapter waits for nobody.
    private void Receive(in ClusterMessage message)
    {
        switch (message.Type)
        {
            case ClusterMessageType.Broadcast:
                if (_context.TryEncode(message.Json, message.Attachments, out var @event)) _ = _local.BroadcastAsync(@event, message.Target);
                else _node.OnPoisoned();
                break;
            case ClusterMessageType.Join:
                _ = _local.JoinAsync(message.Target, message.Rooms);
                break;
            case ClusterMessageType.Leave:
                _ = _local.LeaveAsync(message.Target, message.Rooms);
                break;
            case ClusterMessageType.Disconnect:
                _ = _local.DisconnectAsync(message.Target, message.Close);
                break;
        }
    }
}
