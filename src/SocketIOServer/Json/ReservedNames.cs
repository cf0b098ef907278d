namespace SocketIOServer.Json;

/// <summary>The names of events that the protocol and its clients reserve. The analyzers are compiled with this file too.</summary>
internal static class ReservedNames
{
    // socket.io-protocol v5, "Packet encoding", and socket.io-parser's RESERVED_EVENTS.
    private static readonly string[] All = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

    public static bool Contains(string name) => Array.IndexOf(All, name) >= 0;
}
