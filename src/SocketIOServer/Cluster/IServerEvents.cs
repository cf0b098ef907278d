using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>An adapter that can send events to the handlers of other servers.</summary>
internal interface IServerEvents
{
    /// <summary>Does not wait. Whether the others get it is not known.</summary>
    void EmitToServers(EncodedEvent @event);
}
