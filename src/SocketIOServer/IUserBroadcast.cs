namespace SocketIOServer;

/// <summary>The sockets of one signed-in user in a namespace: those that are in the room <c>user:</c> and the id of the user.</summary>
public interface IUserBroadcast : IBroadcast
{
    /// <summary>
    /// Emits events that are kept until a client of the user has acked them. They are sent to each client of the user that is connected or connects later, in order. The first
    /// ack removes an event. A completed call means that the event is kept. It may arrive more than once: a client that is cut before the server has its ack gets the event again.
    /// </summary>
    /// <exception cref="InboxFullException">Too many events wait for the user. This one is not kept.</exception>
    /// <example><code>await server.ToUser("ada").Durable.EmitAsync("invoice", invoice);</code></example>
    IEmitter Durable { get; }
}
