namespace SocketIOServer;

/// <summary>
/// The server: everyone in the default namespace "/", and the way to the other namespaces. It is a singleton among the services, so a controller, an endpoint or a
/// hosted service takes it as a parameter.
/// </summary>
/// <example><code>app.MapPost("/notes", (Note note, ISocketServer server) =&gt; server.Of("/chat").EmitAsync("note", note).AsTask());</code></example>
public interface ISocketServer : ISocketNamespace
{
    /// <summary>
    /// A namespace that was declared, or one whose name OfAny admits. Nobody has to be in it: an event that is emitted then reaches nobody, and a namespace that the
    /// program keeps reaches sockets that come later. If nobody is in it, the function of OfAny is called on the caller's thread.
    /// </summary>
    /// <param name="name">The name, with or without its leading slash.</param>
    /// <exception cref="ArgumentException">The namespace was not declared, and no OfAny admits the name.</exception>
    ISocketNamespace Of(string name);
}
