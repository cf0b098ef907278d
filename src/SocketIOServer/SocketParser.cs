namespace SocketIOServer;

/// <summary>The encodings of packets. A server and its clients must have the same: nothing on the wire tells which it is.</summary>
public enum SocketParser
{
    /// <summary>JSON, with binary arguments as messages of their own. What every client speaks by itself.</summary>
    Json,

    /// <summary>MessagePack as npm's <c>socket.io-msgpack-parser</c> has it, binary arguments inside. For clients 2.x, 3.x and 4.x that are given that parser.</summary>
    MessagePack,
}
