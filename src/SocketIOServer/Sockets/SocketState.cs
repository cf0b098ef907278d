namespace SocketIOServer.Sockets;

/// <summary>Where a socket is on its way through a namespace. It only moves forward.</summary>
internal enum SocketState
{
    /// <summary>The namespace decides whether it may come in.</summary>
    Connecting,
    Connected,
    Left,
}
