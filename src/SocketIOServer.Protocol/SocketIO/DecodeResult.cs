namespace SocketIOServer.Protocol.SocketIO;

/// <summary>What became of one message.</summary>
internal enum DecodeResult
{
    /// <summary>Not a packet: close with "parse error".</summary>
    Invalid,

    /// <summary>A head whose attachments are still to come.</summary>
    Pending,

    /// <summary>A whole packet.</summary>
    Complete,
}
