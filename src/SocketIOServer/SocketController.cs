namespace SocketIOServer;

/// <summary>
/// The handlers of a namespace as a class: public methods with <see cref="OnAttribute"/>. <c>MapSocketIO().Of&lt;T&gt;()</c> maps it.
/// </summary>
/// <remarks>
/// The server makes an instance for each event and for each hook, with services in its constructor. So fields do not keep their values; what belongs
/// to a client goes into <see cref="ISocket.Data"/>. Methods take the same parameters as lambdas, and what they return is the ack. [Authorize] on the class
/// refuses clients; on a method it refuses the event.
/// </remarks>
/// <example>
/// <code>
/// [Namespace("/rooms")]
/// public sealed class Rooms(IChatStore store) : SocketController
/// {
///     [On("join")]
///     public async Task&lt;int&gt; Join(string room)
///     {
///         await Socket.JoinAsync(room);
///         await Socket.To(room).EmitAsync("status", "somebody has come");    // everyone in the room except this client
///         return await Everyone.To(room).CountAsync();                       // everyone in the room
///     }
/// }
/// </code>
/// </example>
public abstract class SocketController
{
    private ISocket? _socket;
    private ISocketNamespace? _everyone;

    /// <summary>The client that sent the event, or that the hook is about. What starts here excludes this client, as <c>socket.to</c> does in Node.</summary>
    /// <exception cref="InvalidOperationException">It is used in the constructor.</exception>
    public ISocket Socket => _socket ?? throw NotYet();

    /// <summary>Everyone in this namespace, this client included: the same as <see cref="ISocket.Everyone"/>.</summary>
    /// <exception cref="InvalidOperationException">It is used in the constructor.</exception>
    public ISocketNamespace Everyone => _everyone ?? throw NotYet();

    /// <summary>Runs before a client is let in. If it throws a <see cref="ConnectionRefusedException"/>, the client is refused with its message.</summary>
    /// <param name="cancel">Cancelled when the client leaves.</param>
    public virtual Task OnConnectingAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Runs when a client has been let in. It may run as long as the client stays.</summary>
    /// <param name="cancel">Cancelled when the client leaves.</param>
    public virtual Task OnConnectedAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Runs once when a client has left, after the handlers of its earlier events.</summary>
    /// <param name="reason">Why the client left.</param>
    public virtual Task OnDisconnectedAsync(LeaveReason reason) => Task.CompletedTask;

    internal void Attach(ISocket socket, ISocketNamespace everyone) => (_socket, _everyone) = (socket, everyone);

    private static InvalidOperationException NotYet() => new("A SocketController has no socket in its constructor. It has one when its methods run.");
}
