namespace SocketIOServer;

/// <summary>The server: the default namespace "/", and the way to the others. A singleton; use it from anywhere.</summary>
public interface ISocketServer : ISocketNamespace
{
    /// <summary>A namespace that was declared.</summary>
    /// <exception cref="ArgumentException">No such namespace was declared.</exception>
    ISocketNamespace Of(string name);
}
