namespace SocketIOServer;

/// <summary>A <see cref="SocketController"/> whose clients are described by an interface.</summary>
/// <typeparam name="TClient">The interface: see <see cref="EmitterExtensions.As"/>.</typeparam>
/// <example>
/// <code>
/// public interface IChatClient
/// {
///     ValueTask Said(string name, string text);
/// }
///
/// [Namespace("/chat")]
/// public sealed class Chat : SocketController&lt;IChatClient&gt;
/// {
///     [On("say")]
///     public ValueTask Say(string room, string text) => Clients.In(room).Said(Socket.UserId ?? "a visitor", text);
/// }
/// </code>
/// </example>
public abstract class SocketController<TClient> : SocketController
    where TClient : class
{
    /// <summary>The clients of this namespace as <typeparamref name="TClient"/>.</summary>
    /// <exception cref="InvalidOperationException">It is used in the constructor.</exception>
    public TypedClients<TClient> Clients => field ??= new(Socket, Everyone);
}
