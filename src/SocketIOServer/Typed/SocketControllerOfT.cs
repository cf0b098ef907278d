namespace SocketIOServer;

/// <summary>A <see cref="SocketController"/> that knows what its clients listen to.</summary>
/// <typeparam name="TClient">An interface: see <see cref="EmitterExtensions.As"/>.</typeparam>
public abstract class SocketController<TClient> : SocketController
    where TClient : class
{
    /// <summary>Whose event it is.</summary>
    public new ISocket<TClient> Socket => field ??= new TypedSocket<TClient>(base.Socket);

    /// <summary>Everybody in this namespace.</summary>
    public TClient Everyone => Clients.As<TClient>();

    /// <summary>Everybody in these rooms, the sender too if it is in one.</summary>
    public TClient To(params ReadOnlySpan<string> rooms) => Clients.To(rooms).As<TClient>();
}
