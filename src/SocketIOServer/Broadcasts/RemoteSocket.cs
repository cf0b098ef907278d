using SocketIOServer.Adapters;
using SocketIOServer.Events;

namespace SocketIOServer.Broadcasts;

/// <summary>A socket that an adapter has described. What it is told goes to the room of its id, wherever it is.</summary>
internal sealed class RemoteSocket(NamespaceContext context, SocketSnapshot snapshot) : IRemoteSocket
{
    private readonly TargetedBroadcast _self = new(context, Target.Everyone.To(snapshot.Id));

    public string Id => snapshot.Id;

    public string Namespace => context.Name;

    public string? NodeId => snapshot.NodeId;

    public string? UserId => snapshot.UserId;

    public IReadOnlyCollection<string> Rooms => snapshot.Rooms;

    public ReadOnlySocketData Data => snapshot.Data;

    public Handshake Handshake => snapshot.Handshake;

    public ValueTask EmitAsync(string name) => _self.EmitAsync(name);

    public ValueTask EmitAsync<T>(string name, T arg) => _self.EmitAsync(name, arg);

    public ValueTask EmitAsync<T1, T2>(string name, T1 first, T2 second) => _self.EmitAsync(name, first, second);

    public ValueTask EmitAsync<T1, T2, T3>(string name, T1 first, T2 second, T3 third) => _self.EmitAsync(name, first, second, third);

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args) => _self.EmitArgsAsync(name, args);

    public Task<T> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default) =>
        context.Everyone.FindSocket(Id) is { } local
            ? local.CallArgsAsync<T>(name, args, timeout, cancel)
            : ReadReplyAsync(_self.CallArgsAsync<T>(name, args, timeout, cancel), name);

    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms) => _self.JoinAsync(rooms);

    public ValueTask LeaveAsync(params ReadOnlySpan<string> rooms) => _self.LeaveAsync(rooms);

    public ValueTask DisconnectAsync(bool close = false) => _self.DisconnectAsync(close);

    private async Task<T> ReadReplyAsync<T>(Task<BroadcastReply<T>> call, string name)
    {
        var reply = await call;
        if (reply.Replies.TryGetValue(Id, out var answer)) return answer;
        // Nobody was asked: the socket left after it was fetched, and its process alone knows why.
        if (!reply.Missing.Contains(Id)) throw new SocketDisconnectedException(default);
        throw new TimeoutException($"A socket of another process in {context.Name} did not answer \"{name}\" in time, left, or answered with another type.");
    }
}
