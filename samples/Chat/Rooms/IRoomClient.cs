using Chat.Messages;
using SocketIOServer;

namespace Chat.Rooms;

/// <summary>What pages hear of rooms.</summary>
internal interface IRoomClient
{
    /// <summary>To the members.</summary>
    ValueTask Message(Message message);

    /// <summary>To the members: who has entered or left.</summary>
    ValueTask Status(RoomNotice notice);

    /// <summary>To all: a room is new or has another name.</summary>
    ValueTask Room(RoomHead room);

    /// <summary>To all: a room is no more, and whoever was in it is out.</summary>
    [On("room_closed")] ValueTask Closed(RoomHead room);

    /// <summary>To all: how many are in, of rooms where that has changed.</summary>
    ValueTask Counts(IReadOnlyList<RoomCount> counts);

    /// <summary>To a user's other tabs.</summary>
    ValueTask Joined(Room room);

    /// <inheritdoc cref="Joined"/>
    [On("left")] ValueTask LeftRoom(long room);

    /// <inheritdoc cref="Joined"/>
    ValueTask Seen(long room, long upTo);
}

/// <summary>What everybody may know of a room.</summary>
internal sealed record RoomHead(long Id, string Name, long Owner, string OwnerName);

internal sealed record RoomCount(long Room, int Online);

/// <param name="Room">Where.</param>
/// <param name="User">The name of who.</param>
/// <param name="What">"entered" or "left".</param>
/// <param name="Text">The same as a sentence.</param>
internal sealed record RoomNotice(long Room, string User, string What, string Text)
{
    public static RoomNotice Entered(long room, string user) => new(room, user, "entered", $"{user} has entered the room.");

    public static RoomNotice Left(long room, string user) => new(room, user, "left", $"{user} has left the room.");
}
