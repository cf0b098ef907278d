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
