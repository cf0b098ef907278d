using SocketIOServer.Broadcasts;

namespace SocketIOServer;

/// <summary>Everyone in a namespace. Handlers take it as a parameter for their own namespace; <see cref="ISocketServer.Of"/> returns any.</summary>
public interface ISocketNamespace : IBroadcast
{
    /// <summary>The name, "/" for the default namespace.</summary>
    string Name { get; }

    /// <summary>
    /// The servers that share their rooms with this one, and events for their handlers in this namespace. Without a cluster it is this server alone.
    /// </summary>
    ISocketCluster Cluster => LoneServer.Instance;

    /// <summary>Finds a socket of this process by its id. A socket in another process is not found; <c>To(id)</c> reaches it too.</summary>
    /// <param name="id">The id.</param>
    /// <returns>Null if no socket with this id is connected to this namespace in this process.</returns>
    /// <example>
    /// <code>
    /// app.MapGet("/name/{id}", (string id, ISocketServer server) =&gt;
    ///     server.FindSocket(id) is { } socket ? Results.Text(socket.Data.Get&lt;string&gt;("name")) : Results.NotFound());
    /// </code>
    /// </example>
    ISocket? FindSocket(string id);

    /// <summary>
    /// The sockets of one signed-in user, on all servers. Its <see cref="IUserBroadcast.Durable"/> also reaches the user later, if none is connected now. Needs
    /// <see cref="SocketServerOptions.Inbox"/>: with it, each socket of a signed-in user is in the room <c>user:</c> and its <see cref="IRemoteSocket.UserId"/>.
    /// </summary>
    /// <param name="userId">The id of the user.</param>
    /// <exception cref="InvalidOperationException"><see cref="SocketServerOptions.Inbox"/> is not set.</exception>
    IUserBroadcast ToUser(string userId) => throw new NotSupportedException("There are no inboxes here.");

    /// <summary>Takes everyone out of a room, which ends the room.</summary>
    ValueTask CloseRoomAsync(string room);

    /// <summary>The rooms that at least one socket is in, without those of the sockets' own ids.</summary>
    Task<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel = default);
}
