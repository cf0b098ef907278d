using System.Collections.Immutable;
using SocketIOServer.Adapters;

namespace SocketIOServer.Redis;

/// <summary>
/// One namespace beside servers of Python. What the program does goes to the inner adapter, and so to the other servers of ours, and to Python's. What comes
/// from Python is for the sockets of this process alone: every server of ours that is to hear Python has a bridge of its own, and none relays.
/// </summary>
internal sealed class PythonAdapter(AdapterContext context, Adapter inner, PythonBridge bridge) : DelegatingAdapter(inner)
{
    // Python's own call() waits as long.
    private static readonly TimeSpan CallbackTimeout = TimeSpan.FromSeconds(60);

    // Of ours, a server that hears this cluster too has the message from there.
    private string Mark => Inner.Cluster ?? "";

    public override void Start()
    {
        Inner.Start();
        bridge.InUse[context.Namespace] = this;
    }

    public override void Stop()
    {
        bridge.InUse.TryRemove(KeyValuePair.Create(context.Namespace, this));
        Inner.Stop();
    }

    public override ValueTask BroadcastAsync(EncodedEvent @event, Target target)
    {
        var sent = Inner.BroadcastAsync(@event, target);
        if (!target.IsLocal) Emit(@event, target, null);
        return sent;
    }

    // Servers of Python do not say whom they ask. So they are asked where nobody of ours is, and the one socket with the room's name is waited for.
    public override async ValueTask CallAsync(BroadcastCall call, Target target, CancellationToken cancel)
    {
        await Inner.CallAsync(call, target, cancel);
        if (target.IsLocal || target.Rooms is not [var sid] || call.HasAsked) return;
        call.OnAsked(sid);
        if (Emit(call.Event, target, bridge.Calls.Open(call, sid))) return;
        call.OnLeft(sid);
        call.OnNodeMissing(bridge.Name);
    }

    public override ValueTask JoinAsync(Target target, ImmutableArray<string> rooms)
    {
        var done = Inner.JoinAsync(target, rooms);
        if (IsForPython(target, nameof(JoinAsync))) ChangeRooms("enter_room"u8, target, rooms);
        return done;
    }

    public override ValueTask LeaveAsync(Target target, ImmutableArray<string> rooms)
    {
        var done = Inner.LeaveAsync(target, rooms);
        if (!IsForPython(target, nameof(LeaveAsync))) return done;
        // CloseRoomAsync.
        if (target.Rooms is [var room] && rooms is [var left] && room == left) bridge.Publish(bridge.Writer.Change("close_room"u8, context.Namespace, null, room, Mark));
        else ChangeRooms("leave_room"u8, target, rooms);
        return done;
    }

    public override ValueTask DisconnectAsync(Target target, bool close)
    {
        // Before its sockets are gone.
        string[] sids = IsForPython(target, nameof(DisconnectAsync)) ? [.. target.Rooms.Where(IsForeign)] : [];
        var done = Inner.DisconnectAsync(target, close);
        foreach (var sid in sids) bridge.Publish(bridge.Writer.Change("disconnect"u8, context.Namespace, sid, null, Mark));
        return done;
    }

    /// <summary>A message of another server for this namespace, on the bus's thread: nothing here waits. The methods of the inner adapter are local.</summary>
    public void Receive(in PythonMessage message, string channel)
    {
        if (message.Cluster is { Length: > 0 } cluster && cluster == Inner.Cluster) return;
        switch (message.Method)
        {
            case PythonMethod.Emit:
                Deliver(message, channel);
                break;
            // As in Python, where the socket is not here another server has it.
            case PythonMethod.EnterRoom when Find(message.Sid!) is not null:
                _ = Inner.JoinAsync(Only(message.Sid!), [message.Room!]).AsTask();
                break;
            case PythonMethod.LeaveRoom when Find(message.Sid!) is not null:
                _ = Inner.LeaveAsync(Only(message.Sid!), [message.Room!]).AsTask();
                break;
            case PythonMethod.Disconnect when Find(message.Sid!) is not null:
                _ = Inner.DisconnectAsync(Only(message.Sid!), close: false).AsTask();
                break;
            case PythonMethod.CloseRoom:
                _ = Inner.LeaveAsync(Only(message.Room!), [message.Room!]).AsTask();
                break;
        }
    }

    private static Target Only(string room) => new() { Rooms = [room], IsLocal = true };

    private void Deliver(in PythonMessage message, string channel)
    {
        var target = new Target { Rooms = message.Rooms, Except = message.Skipped, IsLocal = true };
        if (!context.TryEncode(message.Json, message.Attachments, out var @event))
        {
            bridge.OnPoisoned();
            return;
        }

        if (message is not { Callback: { } callback, HostId: { } asker })
        {
            _ = Inner.BroadcastAsync(@event, target).AsTask();
            return;
        }

        var call = new CallForPython(@event, CallbackTimeout, (json, attachments) =>
        {
            // json.dumps of Python has no bytes.
            if (attachments > 0) bridge.OnNotTold("acks with binary arguments");
            else bridge.Publish(channel, PythonMessageWriter.Callback(asker, callback, json.Span));
        });
        _ = Inner.CallAsync(call, target, default).AsTask();
        call.EndLater(context.Time);
    }

    private bool Emit(EncodedEvent @event, in Target target, long? callback)
    {
        var (json, attachments) = @event.Read();
        if (bridge.Writer.Emit(context.Namespace, json.Span, attachments, target, callback, Mark, out var arguments) is not { } message)
        {
            bridge.OnNotTold("events with binary arguments, because DataForm is Bare");
            return false;
        }

        bridge.OnEmit(arguments);
        return bridge.Publish(message);
    }

    private void ChangeRooms(ReadOnlySpan<byte> method, in Target target, ImmutableArray<string> rooms)
    {
        foreach (var sid in target.Rooms.Where(IsForeign))
        {
            foreach (var room in rooms) bridge.Publish(bridge.Writer.Change(method, context.Namespace, sid, room, Mark));
        }
    }

    private bool IsForeign(string sid) => Find(sid) is null;

    // Python's servers act on one socket at a time, by its id.
    private bool IsForPython(in Target target, string method)
    {
        if (target.IsLocal) return false;
        if (target.Rooms.Length > 0 && target.Except.Length == 0) return true;
        bridge.OnNotTold($"calls of {method} for a whole namespace or with exceptions");
        return false;
    }
}
