namespace SocketIOServer;

/// <summary>
/// Handlers of a namespace as a class: public methods with [On]. An instance is made for each event and each hook, with services in its
/// constructor, so fields keep nothing; what belongs to a client goes into <see cref="ISocket.Data"/>. Methods take and return what lambdas
/// do. [Authorize] on the class refuses clients, on a method it refuses events. Declared by <c>MapSocketIO().Of&lt;T&gt;()</c>.
/// </summary>
public abstract class SocketController
{
    private ISocket? _socket;
    private ISocketNamespace? _clients;

    /// <summary>Whose event it is. Not there in the constructor.</summary>
    public ISocket Socket => _socket ?? throw NotYet();

    /// <summary>Everybody in this namespace. Not there in the constructor.</summary>
    public ISocketNamespace Clients => _clients ?? throw NotYet();

    /// <summary>Before a client is let in; throwing <see cref="ConnectionRefusedException"/> keeps it out.</summary>
    /// <param name="cancel">Cancelled when the client leaves.</param>
    public virtual Task OnConnectingAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>When a client is in. May run as long as it stays.</summary>
    /// <param name="cancel">Cancelled when the client leaves.</param>
    public virtual Task OnConnectedAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Once, when a client has left, after the handlers of its earlier events.</summary>
    /// <param name="reason">Why it left.</param>
    public virtual Task OnDisconnectedAsync(LeaveReason reason) => Task.CompletedTask;

    internal void Enter(ISocket socket, ISocketNamespace clients) => (_socket, _clients) = (socket, clients);

    private static InvalidOperationException NotYet() => new("A SocketController has its socket after it was made, not in its constructor.");
}
