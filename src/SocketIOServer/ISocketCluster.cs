using SocketIOServer.Cluster;

namespace SocketIOServer;

/// <summary>
/// The servers that share their rooms with this one, and events for the servers themselves. A server without a cluster is the only one: what it emits here
/// reaches nobody. All members may be used from any thread.
/// </summary>
/// <remarks>
/// What is emitted here reaches the handlers that the other servers have declared with <c>OnCluster</c> for the same namespace, and not this server's own. It is
/// <c>serverSideEmit</c> of Node: in a cluster with Node's servers, events travel in both directions. A namespace that clients name (<c>OfAny</c>) hears such events while
/// one of its sockets is on the server.
/// </remarks>
/// <example>
/// <code>
/// app.MapSocketIO().OnCluster("forget", (string key, IMemoryCache cache) =&gt; cache.Remove(key));
/// await server.Cluster.EmitAsync("forget", "prices");
/// </code>
/// </example>
public interface ISocketCluster : IEmitter
{
    /// <summary>
    /// The id of this server: four characters, <see cref="ClusterOptions.NodeId"/> or random ones. The ids of its sessions begin with it. A random id can change
    /// until the first client connects, if another server has the same.
    /// </summary>
    string NodeId { get; }

    /// <summary>The servers that are there, this one first. Servers of other kinds, such as Node's, do not tell that they are there.</summary>
    IReadOnlyList<ClusterMember> Nodes { get; }

    /// <summary>What the bus knows of its connection. <see cref="BusState.Alive"/> without a cluster.</summary>
    BusState State { get; }

    /// <summary>
    /// Sends an event to the handlers of the other servers and waits for their answers. A server that does not answer is not an error: the reply lists it.
    /// </summary>
    /// <typeparam name="T">The type of the answers.</typeparam>
    /// <param name="name">The name of the event.</param>
    /// <param name="args">The arguments: each element is one.</param>
    /// <param name="timeout">How long to wait. Null takes <see cref="ClusterOptions.RequestTimeout"/>.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    Task<ClusterReply<T>> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default);

    /// <summary>Sends an event without arguments and waits for the answers.</summary>
    /// <inheritdoc cref="CallArgsAsync"/>
    Task<ClusterReply<T>> CallAsync<T>(string name, TimeSpan? timeout = null, CancellationToken cancel = default) => CallArgsAsync<T>(name, [], timeout, cancel);

    /// <summary>Sends an event with one argument and waits for the answers.</summary>
    /// <inheritdoc cref="CallArgsAsync"/>
    /// <param name="name">The name of the event.</param>
    /// <param name="arg">Its argument; an array is one argument.</param>
    /// <param name="timeout">How long to wait. Null takes <see cref="ClusterOptions.RequestTimeout"/>.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    Task<ClusterReply<T>> CallAsync<T>(string name, object? arg, TimeSpan? timeout = null, CancellationToken cancel = default) => CallArgsAsync<T>(name, [arg], timeout, cancel);
}
