using SocketIOServer.Events;

namespace SocketIOServer.Sockets;

/// <summary>A namespace as clients enter and leave it.</summary>
internal interface INamespace
{
    NamespaceContext Context { get; }

    /// <summary>Asks the program whether a socket may come in, and lets it in or refuses it. The receive loop does not wait for it.</summary>
    void Admit(Client client, Socket socket);

    /// <summary>A socket was let in.</summary>
    void OnConnected();

    /// <summary>A socket has left, once for each that the namespace was entered for.</summary>
    /// <param name="wasConnected">It had been let in.</param>
    void OnLeft(bool wasConnected);
}
