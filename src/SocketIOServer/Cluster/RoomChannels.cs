namespace SocketIOServer.Cluster;

/// <summary>
/// Which rooms have a channel of their own: an event for one such room then reaches only the servers that have a member in it. All servers of a
/// cluster must agree. The names are those of <c>subscriptionMode</c> of Node's sharded Redis adapter.
/// </summary>
public enum RoomChannels
{
    /// <summary>None: every server of the namespace gets every event. The order of emission holds across rooms.</summary>
    Static,

    /// <summary>The rooms that a program joins, but not those of the sockets' own ids.</summary>
    Dynamic,

    /// <summary>Every room, those of the sockets' own ids too.</summary>
    DynamicPrivate,
}
