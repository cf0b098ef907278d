namespace SocketIOServer.Protocol.SocketIO.MessagePack;

/// <summary>What a value in MessagePack is, however many bytes it took to say so.</summary>
internal enum MessagePackKind
{
    /// <summary>Nothing was read yet.</summary>
    None,
    Nil,

    /// <summary>notepack.io 2: extension 0 of one byte, zero.</summary>
    Undefined,
    False,
    True,
    Integer,

    /// <summary>An integer above the range of long.</summary>
    Unsigned,
    Float,

    /// <summary>notepack.io 2: extension 0 of eight bytes, milliseconds since 1970.</summary>
    Date,
    Text,

    /// <summary>Also notepack.io's extension 0 of any length, an ArrayBuffer.</summary>
    Binary,
    Array,
    Map,
}
