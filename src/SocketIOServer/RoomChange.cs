namespace SocketIOServer;

/// <summary>What happened to a room.</summary>
public enum RoomChangeKind
{
    /// <summary>The first socket joined: it is there now.</summary>
    Created,

    /// <summary>A socket joined.</summary>
    Joined,

    /// <summary>A socket left, or was disconnected.</summary>
    Left,

    /// <summary>The last socket has left: it is gone.</summary>
    Deleted,
}

/// <summary>A moment in a room's life, as OnRoomChanged sees it. Rooms of sockets' own ids have none.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Room">The room.</param>
/// <param name="Socket">Who joined or left; null for Created and Deleted.</param>
public sealed record RoomChange(RoomChangeKind Kind, string Room, ISocket? Socket);
