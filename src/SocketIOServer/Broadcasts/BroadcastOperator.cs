using SocketIOServer.Adapters;
using SocketIOServer.Events;

namespace SocketIOServer.Broadcasts;

/// <summary>Emits to a set of sockets of one namespace, and narrows the set. Immutable.</summary>
internal abstract class BroadcastOperator : IBroadcast
{
    public IBroadcast Local => With(Target with { IsLocal = true });

    public IBroadcast Volatile => With(Target with { IsVolatile = true });

    /// <summary>Of the namespace whose sockets these are.</summary>
    public abstract NamespaceContext Context { get; }

    protected abstract Target Target { get; }

    public IBroadcast Compress(bool compress) => With(Target with { IsUncompressed = !compress });

    public IBroadcast To(params ReadOnlySpan<string> rooms) => With(Target.To(rooms));

    public IBroadcast Except(params ReadOnlySpan<string> rooms) => With(Target.Without(rooms));

    public ValueTask EmitAsync(string name) => EmitAsync<object?, object?, object?>(name, 0, null, null, null);

    public ValueTask EmitAsync<T>(string name, T arg) => EmitAsync<T, object?, object?>(name, 1, arg, null, null);

    public ValueTask EmitAsync<T1, T2>(string name, T1 first, T2 second) => EmitAsync<T1, T2, object?>(name, 2, first, second, null);

    public ValueTask EmitAsync<T1, T2, T3>(string name, T1 first, T2 second, T3 third) => EmitAsync(name, 3, first, second, third);

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args)
    {
        var message = Context.Encoder.EventArgs(Context.Utf8Name, name, args);
        Context.CheckAttachments(message.Attachments, name);
        if (Context.Outgoing.Any) Tell(name, args);
        return SendAsync(message);
    }

    public ValueTask SendAsync<T>(T arg) => EmitAsync("message", arg);

    public Task<BroadcastReply<T>> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default)
    {
        try
        {
            var message = Context.Encoder.EventArgs(Context.Utf8Name, name, args);
            Context.CheckAttachments(message.Attachments, name);
            if (Context.Outgoing.Any) Tell(name, args);
            var replies = new BroadcastReplies<T>(Context, Context.Encoded(message), timeout ?? Context.Server.Options.AckTimeout);
            return replies.CollectAsync(Target, cancel);
        }
        catch (Exception e)
        {
            // As with the call of one socket: the exception comes where the call is awaited.
            return Task.FromException<BroadcastReply<T>>(e);
        }
    }

    public async Task<SocketList> FetchSocketsAsync(CancellationToken cancel = default)
    {
        var fetched = await Context.Adapter.FetchAsync(Target, cancel);
        return new(fetched.Select(snapshot => new RemoteSocket(Context, snapshot))) { MissingNodes = (fetched as SnapshotList)?.MissingNodes ?? [] };
    }

    public Task<int> CountAsync(CancellationToken cancel = default) => Context.Adapter.CountAsync(Target, cancel).AsTask();

    public Task<SocketCount> CountSocketsAsync(CancellationToken cancel = default) => Context.Adapter.CountSocketsAsync(Target, cancel).AsTask();

    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms) => Context.Adapter.JoinAsync(Target, [.. rooms]);

    public ValueTask LeaveAsync(params ReadOnlySpan<string> rooms) => Context.Adapter.LeaveAsync(Target, [.. rooms]);

    public ValueTask DisconnectAsync(bool close = false) => Context.Adapter.DisconnectAsync(Target, close);

    private ValueTask EmitAsync<T1, T2, T3>(string name, int count, T1 first, T2 second, T3 third)
    {
        var message = Context.Encoder.Event(Context.Utf8Name, SocketPacket.NoId, name, count, first, second, third);
        Context.CheckAttachments(message.Attachments, name);
        if (Context.Outgoing.Any) Tell(name, ((ReadOnlySpan<object?>)[first, second, third])[..count]);
        return SendAsync(message);
    }

    private ValueTask SendAsync(OutgoingMessage message) => Context.Adapter.BroadcastAsync(Context.Encoded(message), Target);

    private TargetedBroadcast With(Target target) => new(Context, target);

    private void Tell(string name, ReadOnlySpan<object?> args) =>
        Context.Outgoing.Notify(new(name, args.ToArray(), Context.Name, null, Target.Rooms, Target.Except), Context, null);
}
