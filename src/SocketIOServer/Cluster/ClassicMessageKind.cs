namespace SocketIOServer.Cluster;

/// <summary>What a channel of <see cref="ClassicWire"/> carries. The same numbers mean one thing in a request and another in a response.</summary>
internal enum ClassicMessageKind
{
    Event,
    Request,
    Response,
}
