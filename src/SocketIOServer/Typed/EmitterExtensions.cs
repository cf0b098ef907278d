namespace SocketIOServer;

/// <summary>Emitting through an interface.</summary>
public static class EmitterExtensions
{
    /// <summary>
    /// The clients as an interface: a method emits the event of its name (Status as "status"; [On] says another) with its arguments. It
    /// returns ValueTask or Task, or of a single socket Task&lt;T&gt; for the ack. The class behind it is written at compile time.
    /// </summary>
    /// <typeparam name="TClient">The interface, named here itself and not through a type parameter.</typeparam>
    /// <param name="emitter">To whom.</param>
    public static TClient As<TClient>(this IEmitter emitter)
        where TClient : class => ClientProxies.Create<TClient>(emitter);
}
