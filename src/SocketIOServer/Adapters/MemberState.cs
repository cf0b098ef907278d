namespace SocketIOServer.Adapters;

/// <summary>The state of a socket in its namespace. It only moves forward.</summary>
internal enum MemberState
{
    /// <summary>The namespace decides whether the socket is let in.</summary>
    Connecting,
    Connected,
    Left,
}
