namespace SocketIOServer.Cluster;

/// <summary>What is forwarded to the server that has the session.</summary>
internal enum ForwardKind
{
    Poll,
    Post,
    WebSocket,
}
