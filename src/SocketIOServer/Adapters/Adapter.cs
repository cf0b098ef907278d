using System.Collections.Immutable;

namespace SocketIOServer.Adapters;

/// <summary>
/// Keeps who is in which room of one namespace, and carries broadcasts to their receivers. The default is <see cref="InMemoryAdapter"/>, for one process.
/// An adapter that spans processes has an <see cref="InMemoryAdapter"/> for the sockets of its own process and sends the rest to the others. Plug it in
/// with <c>AddSocketIO().UseAdapter(context => new MyAdapter(context))</c>; each namespace gets one of its own.
/// Any thread may call any method, several at a time. Methods that return no task are called while packets are handled: they must not wait and must not throw.
/// </summary>
public abstract class Adapter
{
    /// <summary>
    /// Names what connects the adapter to those of other processes: two adapters with the same name get each other's broadcasts. Null: there is no other
    /// process. A bridge to servers of another kind needs it. Default: the name of the type.
    /// </summary>
    public virtual string? Cluster => GetType().FullName;

    /// <summary>
    /// The namespace comes into use: it was declared, or the first socket enters a namespace that clients name. An adapter that listens to other processes
    /// subscribes here and not in its constructor. Not called a second time before <see cref="Stop"/>. Must not wait; other methods may be called before it returns.
    /// </summary>
    public virtual void Start()
    {
    }

    /// <summary>
    /// The namespace goes out of use: its last socket has left and clients named it, or the server has stopped. An adapter that listens to other processes
    /// unsubscribes here. <see cref="Start"/> may follow. A program may emit to and ask about a namespace that is not in use here, so other methods may be
    /// called after this one and before <see cref="Start"/>: an adapter that needs answers listens while it waits for them.
    /// </summary>
    public virtual void Stop()
    {
    }

    /// <summary>Adds a socket of this process: from now on broadcasts reach it. Without effect for a socket that has left.</summary>
    /// <param name="member">The socket.</param>
    public abstract void Add(Member member);

    /// <summary>Removes a socket of this process from the namespace and from all its rooms.</summary>
    /// <param name="member">The socket.</param>
    /// <returns>The rooms that it was in, its own id among them.</returns>
    public abstract IReadOnlyCollection<string> Remove(Member member);

    /// <summary>Puts a socket of this process into rooms. Without effect for a socket that has left.</summary>
    /// <param name="member">The socket. It may not be added yet: a program can put a socket into rooms before it is let in.</param>
    /// <param name="rooms">The rooms.</param>
    public abstract void Join(Member member, ReadOnlySpan<string> rooms);

    /// <summary>Puts a connected socket of this process into a room and sends it the latest events of the room, in one step.</summary>
    /// <param name="member">The socket.</param>
    /// <param name="room">The room.</param>
    /// <param name="maxEvents">How many events at most.</param>
    /// <returns>How many events were sent; 0 if the socket is in the room already.</returns>
    internal virtual int JoinWithHistory(Member member, string room, int maxEvents) => throw new NotSupportedException();

    /// <summary>Takes a socket of this process out of rooms.</summary>
    /// <param name="member">The socket.</param>
    /// <param name="rooms">The rooms.</param>
    public abstract void Leave(Member member, ReadOnlySpan<string> rooms);

    /// <summary>The rooms that a socket of this process is in, its own id among them.</summary>
    /// <param name="member">The socket.</param>
    public abstract IReadOnlyCollection<string> RoomsOf(Member member);

    /// <summary>Finds a socket of this process by its id.</summary>
    /// <param name="socketId">The id.</param>
    /// <returns>Null if no socket that was added has this id.</returns>
    public abstract Member? Find(string socketId);

    /// <summary>Sends an event to every socket of the target.</summary>
    /// <param name="event">The event.</param>
    /// <param name="target">The receivers.</param>
    /// <returns>Completes when the event is queued for every receiver of this process and for the other processes; waits for no receiver.</returns>
    public abstract ValueTask BroadcastAsync(EncodedEvent @event, Target target);

    /// <summary>Asks every socket of the target for an ack. The answers go to the call.</summary>
    /// <param name="call">The event, and where the answers go.</param>
    /// <param name="target">The receivers.</param>
    /// <param name="cancel">Nobody waits for the answers any more.</param>
    /// <returns>
    /// Completes when it is known who was asked: <see cref="BroadcastCall.OnAsked"/> is not called afterwards. It should complete within
    /// <see cref="BroadcastCall.Timeout"/> even if another process does not answer.
    /// </returns>
    public abstract ValueTask CallAsync(BroadcastCall call, Target target, CancellationToken cancel);

    /// <summary>Describes every socket of the target.</summary>
    /// <param name="target">The sockets.</param>
    /// <param name="cancel">Ends the wait.</param>
    public abstract ValueTask<IReadOnlyList<SocketSnapshot>> FetchAsync(Target target, CancellationToken cancel);

    /// <summary>Counts the sockets of the target.</summary>
    /// <param name="target">The sockets.</param>
    /// <param name="cancel">Ends the wait.</param>
    public abstract ValueTask<int> CountAsync(Target target, CancellationToken cancel);

    /// <summary>Counts the sockets of the target, and names the servers that did not answer. Default: <see cref="CountAsync"/>, and none.</summary>
    /// <param name="target">The sockets.</param>
    /// <param name="cancel">Ends the wait.</param>
    public virtual async ValueTask<SocketCount> CountSocketsAsync(Target target, CancellationToken cancel) => new(await CountAsync(target, cancel), []);

    /// <summary>The rooms that somebody is in, without those of the sockets' own ids.</summary>
    /// <param name="cancel">Ends the wait.</param>
    public abstract ValueTask<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel);

    /// <summary>Puts every socket of the target into rooms, those that are not let in yet among them.</summary>
    /// <param name="target">The sockets.</param>
    /// <param name="rooms">The rooms.</param>
    public abstract ValueTask JoinAsync(Target target, ImmutableArray<string> rooms);

    /// <summary>Takes every socket of the target out of rooms, those that are not let in yet among them.</summary>
    /// <param name="target">The sockets.</param>
    /// <param name="rooms">The rooms.</param>
    public abstract ValueTask LeaveAsync(Target target, ImmutableArray<string> rooms);

    /// <summary>Disconnects every socket of the target, those that are not let in yet among them.</summary>
    /// <param name="target">The sockets.</param>
    /// <param name="close">True ends the whole connections, with all their namespaces.</param>
    public abstract ValueTask DisconnectAsync(Target target, bool close);
}
