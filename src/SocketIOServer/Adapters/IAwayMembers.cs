using System.Collections.Immutable;

namespace SocketIOServer.Adapters;

/// <summary>
/// The sockets whose clients are away and may come back. What the program does to the sockets of a room is done to them too: otherwise a client would come back to rooms
/// that it was taken out of meanwhile, or miss the events of those that it was put into.
/// </summary>
internal interface IAwayMembers
{
    /// <summary>Puts those that are meant into rooms, or takes them out.</summary>
    void ChangeRooms(Target target, ImmutableArray<string> rooms, bool isJoin);

    /// <summary>Ends the sessions of those that are meant.</summary>
    void Disconnect(Target target);
}
