namespace SocketIOServer.Sockets;

/// <summary>The namespaces of a server.</summary>
internal interface INamespaceDirectory
{
    /// <summary>The namespace for a socket that comes; <see cref="INamespace.OnLeft"/> follows. Null: no declaration takes the name.</summary>
    INamespace? Enter(string name);

    /// <summary>What a client is told that asks for more namespaces than it may be in, in JSON.</summary>
    byte[] TooManyNamespaces { get; }
}
