namespace SocketIOServer.Protocol.SocketIO.MessagePack;

/// <summary>
/// The encoding of socket.io-msgpack-parser 2, for clients 2.x. These clients send CONNECT and DISCONNECT as JSON, and accept only a text as an error.
/// </summary>
internal sealed class OldMessagePackParser : MessagePackParser
{
    public override PacketDecoder CreateDecoder(PacketLimits limits) => new OldMessagePackDecoder(limits);

    // An object would make the parser of the client throw. The text of its JSON is at least readable.
    protected override void WriteData(in MessagePackTranscoder output, SocketPacketType type, ReadOnlySpan<byte> json)
    {
        if (type == SocketPacketType.ConnectError && json[0] != '"') output.WriteText(json);
        else base.WriteData(output, type, json);
    }
}
