namespace SocketIOServer.Cluster;

internal static class ClusterMessageTypes
{
    extension(ClusterMessageType type)
    {
        /// <summary>It belongs to a question of the receiver.</summary>
        public bool IsAnswer => type is ClusterMessageType.FetchResponse or ClusterMessageType.ServerEventResponse or ClusterMessageType.AckCount or ClusterMessageType.Ack
            or ClusterMessageType.RoomsResponse or ClusterMessageType.CountResponse or ClusterMessageType.AckLeft or ClusterMessageType.Failed or ClusterMessageType.Session;
    }
}
