namespace SocketIOServer.Adapters;

/// <summary>What the program does to sockets.</summary>
internal enum MemberChangeKind
{
    Join,
    Leave,
    Disconnect,
}
