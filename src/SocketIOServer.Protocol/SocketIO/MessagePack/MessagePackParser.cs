namespace SocketIOServer.Protocol.SocketIO.MessagePack;

/// <summary>
/// The encoding of socket.io-msgpack-parser 3. A packet is one binary message that contains one map, <c>{type, nsp, id?, data?}</c>, with binary arguments
/// inside. The rest of the server uses JSON and attachments, so this class converts between the two.
/// </summary>
internal class MessagePackParser : PacketParser
{
    private static readonly OldMessagePackParser Old = new();

    public override PacketParser ForOldClients => Old;

    internal override bool IsBuiltIn => true;

    public override PacketDecoder CreateDecoder(PacketLimits limits) => new MessagePackDecoder(limits);

    public override OutgoingMessage Write(
        SocketPacketType type, ReadOnlySpan<byte> name, long id, ReadOnlySpan<byte> json, byte[][] attachments)
    {
        using var scratch = ByteScratch.Take();
        var output = new MessagePackTranscoder(attachments, scratch);
        WriteHead(output, type, name, id, hasData: !json.IsEmpty);
        if (!json.IsEmpty) WriteData(output, type, json);
        return Message(scratch);
    }

    internal override PacketBody Prepare(ReadOnlySpan<byte> json, byte[][] attachments)
    {
        using var scratch = ByteScratch.Take();
        new MessagePackTranscoder(attachments, scratch).WriteJson(json);
        return new(scratch.Written.ToArray(), []);
    }

    internal override OutgoingMessage WriteEvent(ReadOnlySpan<byte> name, long id, in PacketBody body)
    {
        using var scratch = ByteScratch.Take();
        WriteHead(new([], scratch), SocketPacketType.Event, name, id, hasData: true);
        scratch.Write(body.Payload.Span);
        return Message(scratch);
    }

    internal override PacketBody BodyOf(OutgoingMessage @event, ReadOnlySpan<byte> name)
    {
        using var scratch = ByteScratch.Take();
        WriteHead(new([], scratch), SocketPacketType.Event, name, SocketPacket.NoId, hasData: true);
        return new(@event.Head.Bytes.AsMemory(scratch.Written.Length), []);
    }

    internal override (ReadOnlyMemory<byte> Json, IReadOnlyList<ReadOnlyMemory<byte>> Attachments) ReadEvent(OutgoingMessage @event, ReadOnlySpan<byte> name)
    {
        using var scratch = ByteScratch.Take();
        var transcoder = new JsonTranscoder(new(BodyOf(@event, name).Payload.Span), NoLimits, scratch);
        if (!transcoder.TryWrite()) throw new InvalidOperationException("The event has binary arguments and an object with \"_placeholder\" of its own, so JSON cannot express it.");
        return (scratch.Written.ToArray(), transcoder.Attachments ?? []);
    }

    protected virtual void WriteData(in MessagePackTranscoder output, SocketPacketType type, ReadOnlySpan<byte> json) => output.WriteJson(json);

    // The data is last, so that the common part of several packets is contiguous.
    private static void WriteHead(in MessagePackTranscoder output, SocketPacketType type, ReadOnlySpan<byte> name, long id, bool hasData)
    {
        output.WriteMapHead(2 + (id >= 0 ? 1 : 0) + (hasData ? 1 : 0));
        output.WriteText("type"u8);
        output.WriteInteger((int)type);
        output.WriteText("nsp"u8);
        output.WriteText(name.IsEmpty ? "/"u8 : name);
        if (id >= 0)
        {
            output.WriteText("id"u8);
            output.WriteInteger(id);
        }

        if (hasData) output.WriteText("data"u8);
    }

    private static OutgoingMessage Message(ByteScratch scratch) => new(scratch.Written.ToArray(), isBinary: true);
}
