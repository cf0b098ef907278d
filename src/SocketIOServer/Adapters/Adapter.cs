using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Sockets;

namespace SocketIOServer.Adapters;

/// <summary>
/// Who is in which room of one namespace, and the way of a broadcast. The seam for clusters: an adapter that spans
/// processes has an <see cref="InMemoryAdapter"/> for its own sockets. What may have to ask others is asynchronous.
/// </summary>
internal abstract class Adapter
{
    /// <summary>A socket is in: from now on broadcasts reach it.</summary>
    public abstract void Add(Socket socket);

    /// <summary>A socket leaves with all its rooms, which are returned, its id among them.</summary>
    public abstract IReadOnlyCollection<string> Remove(Socket socket);

    /// <summary>Without effect for a socket that has left.</summary>
    public abstract void Join(Socket socket, ReadOnlySpan<string> rooms);

    public abstract void Leave(Socket socket, ReadOnlySpan<string> rooms);

    public abstract IReadOnlyCollection<string> RoomsOf(Socket socket);

    /// <summary>Completes when the message is queued for every receiver; never waits for one of them.</summary>
    public abstract ValueTask BroadcastAsync(OutgoingMessage message, Target target);

    /// <summary>Completes when every receiver was asked; the answers go to the call.</summary>
    public abstract ValueTask CallAsync(BroadcastCall call, Target target);

    public abstract ValueTask<IReadOnlyList<IRemoteSocket>> FetchAsync(Target target, CancellationToken cancel);

    public abstract ValueTask<int> CountAsync(Target target, CancellationToken cancel);

    public abstract ValueTask<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel);

    public abstract ValueTask JoinAsync(Target target, string[] rooms);

    public abstract ValueTask LeaveAsync(Target target, string[] rooms);

    public abstract ValueTask DisconnectAsync(Target target, bool close);
}
