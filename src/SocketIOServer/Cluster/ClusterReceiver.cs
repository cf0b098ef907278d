using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>
/// What the other servers say in one namespace: events and changes go to the local adapter, questions are answered, and answers go to the questions that
/// wait for them. Runs on the bus's reader, so nothing here waits and no code of the program runs.
/// </summary>
internal sealed partial class ClusterReceiver
{
    private static readonly TimeSpan DefaultAckTimeout = TimeSpan.FromSeconds(30);

    private readonly ClusterAdapter _adapter;
    private readonly AdapterContext _context;
    private readonly ClusterNode _node;
    private readonly InMemoryAdapter _local;
    private readonly ClusterRequests _requests;
    private readonly ConcurrentDictionary<string, CallOfOthers> _calls;
    private readonly AloneCheck _alone;
    private readonly ForeignServers _foreign;
    private readonly WireLimits _limits;
    private readonly ReceivedNumbers _received;
    private readonly LogNumbers _read;
    private readonly LogDelivery? _delivery;

    /// <param name="adapter">The adapter that this is a part of.</param>
    /// <param name="context">The namespace.</param>
    /// <param name="node">This server.</param>
    /// <param name="local">The sockets of this server.</param>
    /// <param name="requests">Questions that wait for answers.</param>
    /// <param name="calls">Broadcasts that wait for acks.</param>
    /// <param name="alone">Whether this server is the only one.</param>
    /// <param name="foreign">Servers of other kinds.</param>
    /// <param name="delivery">Null: nothing waits for its place in the log.</param>
    /// <param name="received">The numbers of what was published.</param>
    public ClusterReceiver(
        ClusterAdapter adapter, AdapterContext context, ClusterNode node, InMemoryAdapter local, ClusterRequests requests, ConcurrentDictionary<string, CallOfOthers> calls,
        AloneCheck alone, ForeignServers foreign, LogDelivery? delivery, ReceivedNumbers received)
    {
        (_adapter, _context, _node, _local, _requests, _calls, _alone, _foreign, _delivery, _received) = (adapter, context, node, local, requests, calls, alone, foreign, delivery, received);
        _read = new(node);
        _limits = new(Bytes: node.Options.MaxMessageBytes, Depth: Math.Max(64, context.Encoder.Options.MaxDepth));
    }

    /// <summary>What others may send.</summary>
    public WireLimits Limits => _limits;

    /// <summary>The namespace goes out of use: what is heard next is not compared with what was heard before.</summary>
    public void Clear()
    {
        _read.Clear();
    }

    /// <summary>An entry of the log that another server has written.</summary>
    public void OnEntry(EntryId id, LogEntry entry)
    {
        if (!TryRead(entry, out var message)) return;
        _node.Members.OnHeard(message.Sender);
        if (message.Type == ClusterMessageType.Gap) OnGap(id);
        else if (_delivery is not null) Deliver(_delivery, id, message);
        else Receive(message);
    }

    /// <summary>An entry that is not for the sockets of this server, but for clients that come back to it.</summary>
    public void OnEarlierEntry(EntryId id, LogEntry entry)
    {
        if (_context.Log is not { Shared: not null } log || !TryRead(entry, out var message)) return;
        if (message.Type == ClusterMessageType.Gap)
        {
            lock (log.Gate) log.Gap.Lose(id);
        }
        else if (IsEvent(message) && _context.TryEncode(message.Json, message.Attachments, out var @event))
        {
            _local.Keep(@event, message.Target, new(message.Sender, message.Number) { Id = id });
        }
        else if (IsChange(message))
        {
            _local.Keep(ChangeOf(message), id);
        }
    }

    // False also for an entry that was read before.
    private bool TryRead(LogEntry entry, out ClusterMessage message)
    {
        if (!_node.Wire.TryReadLogged(entry, _limits, _context.Encoder, out message))
        {
            _node.OnPoisoned();
            return false;
        }

        return message.Number == 0 || _read.TryAdd(message.Sender, message.Number);
    }

    // Clients of this server have missed the events too.
    private void OnGap(EntryId id)
    {
        if (_context.Log is not { Shared: not null } log) return;
        lock (log.Gate) log.Gap.Lose(id);
        log.NoteGap();
    }

    public void OnMessage(string channel, ReadOnlySpan<byte> bytes)
    {
        if (!_node.Wire.TryRead(channel, bytes, _limits, _context.Encoder, out var message) || message.Namespace is { } name && name != _context.Namespace)
        {
            _node.OnPoisoned();
            return;
        }

        if (message.Sender == _node.Sender) return;
        // A server that is heard listens as well. Emitters do not.
        if (message.Sender != ClusterMessage.Emitter) _alone.Reset();
        _node.Members.OnHeard(message.Sender);
        if (message.Number > 0 && _node.Wire.HearsAll && _adapter.IsInUse) _received.Note(message.Sender, message.Number);
        // Whatever ours send has a number, or the name of the node.
        if (_node.Wire.HasHeartbeats && message is { Number: 0, NodeId: null, Sender: not ClusterMessage.Emitter }) _foreign.Note(message.Sender);
        // While a question is open, the channel is listened to even if the namespace is not in use here.
        if (message.Type.IsAnswer) OnAnswer(message, bytes.Length);
        // Beside a log, the numbers of what is published say nothing of events.
        else if (_adapter.IsInUse) Receive(_node.Log is null ? message : message with { Number = 0 });
    }

    // All of the local adapter's methods complete at once.
    private void Receive(in ClusterMessage message)
    {
        // Those of events and changes are noted together with what they do.
        if (message.Number > 0 && !IsEvent(message) && !IsChange(message)) _context.Log?.NoteNumber(message.Sender, message.Number);
        switch (message is { Type: ClusterMessageType.Fetch, Instead: ClusterMessageType.Count or ClusterMessageType.Rooms } ? message.Instead : message.Type)
        {
            case ClusterMessageType.InitialHeartbeat:
                if (_node.Wire.HasHeartbeats && message.NodeId is null) _adapter.Beat();
                break;
            case ClusterMessageType.Heartbeat:
                break;
            case ClusterMessageType.Close:
                if (message.NodeId is not null || !_foreign.Remove(message.Sender)) break;
                _requests.OnForeignGone(message.Sender, saidBye: true);
                break;
            case ClusterMessageType.Broadcast:
                if (!_context.TryEncode(message.Json, message.Attachments, out var @event)) OnUnreadable();
                else if (message.RequestId is null) _ = _local.BroadcastAsync(@event, message.Target, new(message.Sender, message.Number)).AsTask();
                else Call(@event, message);
                break;
            case ClusterMessageType.Join or ClusterMessageType.Leave or ClusterMessageType.Disconnect:
                _ = _local.Change(ChangeOf(message), new(message.Sender, message.Number)).AsTask();
                break;
            case ClusterMessageType.Fetch:
                Describe(message);
                break;
            case ClusterMessageType.Count:
                _adapter.Answer(message, new() { Type = ClusterMessageType.CountResponse, Count = _local.CountAsync(message.Target, default).AsTask().GetAwaiter().GetResult() });
                break;
            case ClusterMessageType.Rooms:
                _adapter.Answer(message, new() { Type = ClusterMessageType.RoomsResponse, Rooms = [.. _local.RoomsAsync(default).AsTask().GetAwaiter().GetResult()] });
                break;
            case ClusterMessageType.ServerEvent:
                Handle(message);
                break;
            case ClusterMessageType.TakeSession:
                _adapter.GiveSession(message);
                break;
        }
    }

    // Its sender's clients have had it.
    private void OnUnreadable()
    {
        _node.OnPoisoned();
        _adapter.NoteGap();
    }

    private static bool IsEvent(in ClusterMessage message) => message is { Type: ClusterMessageType.Broadcast, RequestId: null };

    private static bool IsChange(in ClusterMessage message) => message.Type is ClusterMessageType.Join or ClusterMessageType.Leave or ClusterMessageType.Disconnect;

    /// <summary>What a message of one of the three kinds does to sockets.</summary>
    public static MemberChange ChangeOf(in ClusterMessage message)
    {
        var kind = message.Type == ClusterMessageType.Join ? MemberChangeKind.Join : message.Type == ClusterMessageType.Leave ? MemberChangeKind.Leave : MemberChangeKind.Disconnect;
        return new(kind, message.Target, message.Rooms, message.Close);
    }

    // Behind whatever has its place before it.
    private void Deliver(LogDelivery delivery, EntryId id, ClusterMessage message)
    {
        if (message.Number > 0 && IsChange(message)) _context.Log?.NoteNumber(message.Sender, message.Number);
        switch (message.Type)
        {
            case ClusterMessageType.Broadcast when message.RequestId is null:
                if (_context.TryEncode(message.Json, message.Attachments, out var @event)) delivery.Deliver(new(delivery, @event, message.Target) { Origin = new(message.Sender, message.Number) { Id = id } });
                else OnUnreadable();
                break;
            case ClusterMessageType.Join or ClusterMessageType.Leave or ClusterMessageType.Disconnect:
                delivery.Deliver(new(delivery, ChangeOf(message)) { Origin = new(message.Sender, message.Number) { Id = id } });
                break;
            default:
                Receive(message);
                break;
        }
    }

    private void OnAnswer(in ClusterMessage message, int bytes)
    {
        if (message.RequestId is not { } id) return;
        if (message.NodeId is null && message.Sender != ClusterMessage.Anonymous && _node.Members.Find(message.Sender) is null) _foreign.Note(message.Sender);
        switch (message.Type)
        {
            case ClusterMessageType.FetchResponse or ClusterMessageType.ServerEventResponse or ClusterMessageType.CountResponse or ClusterMessageType.RoomsResponse
                or ClusterMessageType.Session:
                _requests.Find(id)?.OnAnswer(message, bytes);
                break;
            case ClusterMessageType.Failed:
                _requests.Find(id)?.OnFailed(message.Sender);
                break;
            case ClusterMessageType.AckCount when _calls.TryGetValue(id, out var call):
                call.OnCount(message);
                break;
            case ClusterMessageType.Ack when _calls.TryGetValue(id, out var call):
                call.OnAck(message, bytes);
                break;
            case ClusterMessageType.AckLeft when _calls.TryGetValue(id, out var call):
                call.OnLeft(message);
                break;
        }
    }

    private void Call(EncodedEvent @event, in ClusterMessage message)
    {
        var call = new CallForOther(_adapter, @event, message, message.Timeout ?? DefaultAckTimeout);
        _ = _local.CallAsync(call, message.Target, default).AsTask();
        var asked = call.Asked;
        call.EndLater(_node.Time);
        _adapter.Answer(message, new() { Type = ClusterMessageType.AckCount, Count = asked.Count, Rooms = [.. asked] });
    }

    // Who is there is known now; what a getter of the program's does must not hold up the bus.
    private void Describe(ClusterMessage message)
    {
        var sockets = _local.FetchAsync(message.Target, default).AsTask().GetAwaiter().GetResult();
        ThreadPool.UnsafeQueueUserWorkItem(
            static state =>
            {
                var (receiver, message, sockets) = state;
                try
                {
                    SocketSnapshot[] shared = [.. sockets.Select(receiver.Share)];
                    receiver._adapter.Answer(message, new() { Type = ClusterMessageType.FetchResponse, Sockets = shared });
                }
                catch (Exception e)
                {
                    // Headers and queries are the client's. Whoever asks learns that this server cannot answer.
                    LogNotAnswered(receiver._node.Logger, e, receiver._context.Namespace);
                    receiver._adapter.Answer(message, new() { Type = ClusterMessageType.Failed });
                }
            },
            (this, message, sockets),
            preferLocal: false);
    }

    private SocketSnapshot Share(SocketSnapshot socket) => _node.Options.ShareCredentials ? socket : socket with { Handshake = socket.Handshake.WithoutCredentials() };

    private void Handle(ClusterMessage message)
    {
        Action<ReadOnlyMemory<byte>?, IReadOnlyList<ReadOnlyMemory<byte>>>? answer = message.RequestId is null
            ? null
            : (json, attachments) => _adapter.Answer(
                message,
                json is { } value
                    ? new() { Type = ClusterMessageType.ServerEventResponse, Json = value, Attachments = attachments }
                    : new() { Type = ClusterMessageType.Failed });
        if (_context.ClusterEvents is { } events) events.Handle(message.Json, message.Attachments, answer);
        else answer?.Invoke(null, []);
    }

    [LoggerMessage(51, LogLevel.Error, "The sockets of {Namespace} could not be described to another server.")]
    private static partial void LogNotAnswered(ILogger logger, Exception exception, string @namespace);
}
