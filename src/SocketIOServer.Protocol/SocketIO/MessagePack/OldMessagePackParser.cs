namespace SocketIOServer.Protocol.SocketIO.MessagePack;

/// <summary>socket.io-msgpack-parser 2, for clients 2.x: they send CONNECT and DISCONNECT as JSON, and take nothing but a text for an error.</summary>
internal sealed class OldMessagePackParser : MessagePackParser
{
    public override PacketDecoder CreateDecoder(PacketLimits limits) => new OldMessagePackDecoder(limits);

    // With an object that parser throws in the client; the object's JSON is at least something to read.
    protected override void WriteData(in MessagePackTranscoder output, SocketPacketType type, ReadOnlySpan<byte> json)
    {
        if (type == SocketPacketType.ConnectError && json[0] != '"') output.WriteText(json);
        else base.WriteData(output, type, json);
    }
}
