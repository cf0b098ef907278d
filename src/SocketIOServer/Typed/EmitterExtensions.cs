namespace SocketIOServer;

/// <summary>Emits through an interface of the program.</summary>
public static class EmitterExtensions
{
    /// <summary>
    /// Returns a <typeparamref name="TClient"/> whose methods emit: a method sends the event of its name with its arguments. <c>Status</c> sends "status", and [On] on the method
    /// sets another name. A method returns ValueTask or Task, or Task&lt;T&gt; for the ack of a single socket. A source generator writes the class when the program is compiled.
    /// </summary>
    /// <typeparam name="TClient">The interface. Name it in the call itself, not through a type parameter.</typeparam>
    /// <param name="emitter">The socket, or the set of sockets, that gets the events.</param>
    /// <exception cref="InvalidOperationException">The generator has not seen the interface.</exception>
    /// <exception cref="NotSupportedException">A method with a result is called for a set of sockets.</exception>
    /// <example><code>await server.Of("/talk").To("lobby").As&lt;ITalkClient&gt;().Status("hello");</code></example>
    public static TClient As<TClient>(this IEmitter emitter)
        where TClient : class => ClientProxies.Create<TClient>(emitter);
}
