namespace SocketIOServer.Cluster;

/// <summary>The numbers of @socket.io/redis-adapter 8.3 for what a message says. From 100 on they are ours, and Node's servers ignore them.</summary>
internal static class ClassicTypes
{
    /// <summary>What a message says that nobody here needs to know, such as one of a later version.</summary>
    public const ClusterMessageType Unknown = 0;

    private const int FirstOfOurs = 100;

    public static bool IsResponse(ClusterMessageType type) => type
        is ClusterMessageType.FetchResponse or ClusterMessageType.ServerEventResponse or ClusterMessageType.AckCount or ClusterMessageType.Ack
        or ClusterMessageType.RoomsResponse or ClusterMessageType.CountResponse or ClusterMessageType.AckLeft or ClusterMessageType.Failed or ClusterMessageType.Session;

    public static int OfRequest(ClusterMessageType type) => type switch
    {
        ClusterMessageType.Rooms => 1,
        ClusterMessageType.Join => 2,
        ClusterMessageType.Leave => 3,
        ClusterMessageType.Disconnect => 4,
        ClusterMessageType.Fetch => 5,
        ClusterMessageType.ServerEvent => 6,
        ClusterMessageType.Broadcast => 7,
        >= (ClusterMessageType)FirstOfOurs => (int)type,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The classic adapter has no such message."),
    };

    public static int OfResponse(ClusterMessageType type) => type switch
    {
        ClusterMessageType.ServerEventResponse => 6,
        ClusterMessageType.AckCount => 8,
        ClusterMessageType.Ack => 9,
        _ => (int)type,
    };

    public static ClusterMessageType Request(long type) => type switch
    {
        1 => ClusterMessageType.Rooms,
        2 => ClusterMessageType.Join,
        3 => ClusterMessageType.Leave,
        4 => ClusterMessageType.Disconnect,
        5 => ClusterMessageType.Fetch,
        6 => ClusterMessageType.ServerEvent,
        7 => ClusterMessageType.Broadcast,
        (long)ClusterMessageType.Count => ClusterMessageType.Count,
        (long)ClusterMessageType.TakeSession => ClusterMessageType.TakeSession,
        _ => Unknown,
    };

    public static ClusterMessageType Response(long type) => type switch
    {
        6 => ClusterMessageType.ServerEventResponse,
        8 => ClusterMessageType.AckCount,
        9 => ClusterMessageType.Ack,
        (long)ClusterMessageType.CountResponse => ClusterMessageType.CountResponse,
        (long)ClusterMessageType.AckLeft => ClusterMessageType.AckLeft,
        (long)ClusterMessageType.Failed => ClusterMessageType.Failed,
        (long)ClusterMessageType.Session => ClusterMessageType.Session,
        _ => Unknown,
    };
}
