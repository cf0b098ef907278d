namespace SocketIOServer;

/// <summary>The server: the default namespace "/", and the way to the others. A singleton; use it from anywhere.</summary>
public interface ISocketServer : ISocketNamespace
{
    /// <summary>
    /// A namespace that was declared, or one of a name that an OfAny takes, whether anybody is in it or not: what is emitted while nobody is reaches
    /// nobody, and what was got before the last one left reaches who comes later. The function of OfAny is asked on the caller's thread
    /// where nobody is in the namespace.
    /// </summary>
    /// <exception cref="ArgumentException">No such namespace was declared, and no OfAny takes the name.</exception>
    ISocketNamespace Of(string name);
}
