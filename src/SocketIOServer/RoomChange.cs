namespace SocketIOServer;

/// <summary>The kinds of changes of a room.</summary>
public enum RoomChangeKind
{
    /// <summary>The room was created, because the first socket joined.</summary>
    Created,

    /// <summary>A socket joined.</summary>
    Joined,

    /// <summary>A socket left the room or disconnected.</summary>
    Left,

    /// <summary>The room was deleted, because the last socket left.</summary>
    Deleted,
}

/// <summary>A change of a room, as OnRoomChanged gets it. There are none for the rooms that are the sockets' own ids.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Room">The room.</param>
/// <param name="Socket">The socket that joined or left. Null for Created and Deleted.</param>
public sealed record RoomChange(RoomChangeKind Kind, string Room, ISocket? Socket);
