namespace SocketIOServer.Cluster;

/// <summary>What a message of another server may have. What has more is refused.</summary>
/// <param name="Bytes">Of the whole message.</param>
/// <param name="Depth">Nesting of an event's JSON.</param>
/// <param name="Names">Rooms in one list.</param>
/// <param name="Attachments">Binary values in one message.</param>
internal sealed record WireLimits(int Bytes = 10 << 20, int Depth = 64, int Names = 1000, int Attachments = 1000);
