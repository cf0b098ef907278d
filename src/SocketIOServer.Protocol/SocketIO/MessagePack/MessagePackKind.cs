namespace SocketIOServer.Protocol.SocketIO.MessagePack;

/// <summary>The kinds of MessagePack values, independent of the number of bytes in their encoding.</summary>
internal enum MessagePackKind
{
    /// <summary>No value has been read.</summary>
    None,
    Nil,

    /// <summary>notepack.io 2: extension 0 with one byte, zero.</summary>
    Undefined,
    False,
    True,
    Integer,

    /// <summary>An integer above the range of long.</summary>
    Unsigned,
    Float,

    /// <summary>notepack.io 2: extension 0 with eight bytes, the milliseconds since 1970.</summary>
    Date,
    Text,

    /// <summary>Binary data. Also extension 0 of notepack.io with any length, which is an ArrayBuffer.</summary>
    Binary,
    Array,
    Map,
}
