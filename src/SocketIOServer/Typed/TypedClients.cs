namespace SocketIOServer;

/// <summary>
/// The clients of a namespace as an interface, seen from the client that sent an event. For sets that have no member here, end any set with
/// <c>As&lt;TClient&gt;()</c>: <c>Everyone.Except("muted").Volatile.As&lt;IChatClient&gt;().Said(…)</c>.
/// </summary>
/// <typeparam name="TClient">The interface: see <see cref="EmitterExtensions.As"/>.</typeparam>
public sealed class TypedClients<TClient>
    where TClient : class
{
    private readonly ISocket _caller;
    private readonly ISocketNamespace _everyone;

    internal TypedClients(ISocket caller, ISocketNamespace everyone) => (_caller, _everyone) = (caller, everyone);

    /// <summary>The client that sent the event. Only its methods can have a result.</summary>
    public TClient Caller => field ??= _caller.As<TClient>();

    /// <summary>Every client in the namespace, the caller included.</summary>
    public TClient All => _everyone.As<TClient>();

    /// <summary>Every client in the namespace except the caller.</summary>
    public TClient Others => _caller.Broadcast.As<TClient>();

    /// <summary>The clients that are in at least one of these rooms, the caller included if it is in one.</summary>
    public TClient In(params ReadOnlySpan<string> rooms) => _everyone.To(rooms).As<TClient>();

    /// <summary>The clients that are in at least one of these rooms, without the caller.</summary>
    public TClient OthersIn(params ReadOnlySpan<string> rooms) => _caller.To(rooms).As<TClient>();
}
