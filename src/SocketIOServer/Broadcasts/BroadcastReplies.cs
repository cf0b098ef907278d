using SocketIOServer.Adapters;
using SocketIOServer.Events;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Broadcasts;

/// <summary>Collects the answers to an event that was sent to many sockets. A socket is missing until it has answered.</summary>
internal sealed class BroadcastReplies<T>(NamespaceContext @namespace, EncodedEvent @event, TimeSpan timeout) : BroadcastCall(@event, timeout)
{
    // For the log.
    private const string Name = "(the ack of a broadcast)";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, T> _replies = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly List<string> _missingNodes = [];
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isAsking = true;

    public override bool HasAsked
    {
        get
        {
            lock (_gate) return _missing.Count + _replies.Count > 0;
        }
    }

    /// <summary>Asks, and completes when everybody has answered or left, or when the time is over.</summary>
    public async Task<BroadcastReply<T>> CollectAsync(Target target, CancellationToken cancel)
    {
        var time = @namespace.Server.Time;
        var begin = time.GetTimestamp();
        try
        {
            await @namespace.Adapter.CallAsync(this, target, cancel);
            lock (_gate)
            {
                _isAsking = false;
                if (_open.Count == 0) _answered.TrySetResult();
            }

            await _answered.Task.WaitAsync(LeftOf(time.GetElapsedTime(begin)), time, cancel);
        }
        catch (TimeoutException)
        {
            // The reply lists who is missing.
        }
        finally
        {
            End();
        }

        // Copies: an answer may be coming in at this moment.
        lock (_gate) return new(new Dictionary<string, T>(_replies, StringComparer.Ordinal), [.. _missing]) { MissingNodes = [.. _missingNodes] };
    }

    public override void OnAsked(string socketId)
    {
        lock (_gate)
        {
            _missing.Add(socketId);
            _open.Add(socketId);
        }
    }

    public override void OnAnswered(string socketId, ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        // An adapter may have it from another process.
        if (JsonCheck.IsArray(json.Span, @namespace.Server.Limits.MaxJsonDepth)) Read(socketId, json, attachments);
        Close(socketId);
    }

    public override void OnLeft(string socketId) => Close(socketId);

    public override void OnNodeMissing(string name)
    {
        lock (_gate) _missingNodes.Add(name);
    }

    // Other processes may have taken their time to say whom they asked. A timeout that WaitAsync refuses, or an infinite one, stays as it is.
    private TimeSpan LeftOf(TimeSpan elapsed) => Timeout <= TimeSpan.Zero ? Timeout : Timeout > elapsed ? Timeout - elapsed : TimeSpan.Zero;

    private void Read(string socketId, ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        try
        {
            var packet = new SocketPacket { Type = SocketPacketType.Ack, Json = json, ArgumentsStart = 1, Attachments = attachments };
            var value = new JsonArguments(packet, @namespace.Encoder).ReadOrNull<T>();
            lock (_gate)
            {
                // Only who was asked, and once.
                if (!_open.Contains(socketId)) return;
                _replies[socketId] = value!;
                _missing.Remove(socketId);
            }
        }
        catch (Exception e)
        {
            // A client that answers nonsense stays missing; the others' answers count. What is not the client's fault is logged, since nobody else sees it.
            var socket = (EventSocket?)Find(socketId);
            if (!JsonArguments.IsFault(e)) UserCode.OnFailed(e, Name, @namespace, socket);
            // The caller gets no reason otherwise, and it is the caller's type that cannot carry the answer.
            else if (e is UncarriedBinaryException && socket is not null) UserCode.OnNotHandled(Name, socket, @namespace, e.Message);
        }
    }

    private void Close(string socketId)
    {
        lock (_gate)
        {
            if (_open.Remove(socketId) && !_isAsking && _open.Count == 0) _answered.TrySetResult();
        }
    }
}
