namespace SocketIOServer.Adapters;

/// <summary>A socket at the moment when an adapter was asked for it; it may belong to another process.</summary>
public sealed record SocketSnapshot
{
    /// <summary>The id, which is also the name of a room that only this socket is in.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the user; null where the socket has none.</summary>
    public string? UserId { get; init; }

    /// <summary>The rooms that the socket is in, its own id among them.</summary>
    public required IReadOnlyCollection<string> Rooms { get; init; }
}
