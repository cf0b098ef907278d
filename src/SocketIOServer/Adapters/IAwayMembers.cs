namespace SocketIOServer.Adapters;

/// <summary>
/// The sockets whose clients are away and may come back. What the program does to the sockets of a room is done to them too: otherwise a client would come back to rooms
/// that it was taken out of meanwhile, or miss the events of those that it was put into.
/// </summary>
internal interface IAwayMembers
{
    /// <summary>Puts those that are meant into rooms, takes them out, or ends their sessions.</summary>
    /// <param name="change">What is done.</param>
    /// <param name="origin">
    /// Who does it. With a place in the log of the cluster, the change is kept there for sessions that are elsewhere. With a number, it is noted for sessions that are just on
    /// their way from another server.
    /// </param>
    void Change(MemberChange change, in EventOrigin origin);
}
