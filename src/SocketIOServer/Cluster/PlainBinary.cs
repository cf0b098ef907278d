using System.Text.Json;
using SocketIOServer.Protocol.SocketIO;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster;

/// <summary>Writes JSON with its attachments as JSON.stringify writes a Buffer of Node: <c>{"type":"Buffer","data":[1,2]}</c>.</summary>
internal static class PlainBinary
{
    public static void Write(ByteScratch output, ReadOnlySpan<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var copied = 0;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.StartObject) continue;
            var ahead = reader;
            if (!Placeholders.TryRead(ref ahead, out var index, out var isPlaceholder) || !isPlaceholder || (uint)index >= (uint)attachments.Count) continue;
            output.Write(json[copied..(int)reader.TokenStartIndex]);
            WriteBuffer(output, attachments[index].Span);
            copied = (int)ahead.BytesConsumed;
            reader = ahead;
        }

        output.Write(json[copied..]);
    }

    private static void WriteBuffer(ByteScratch output, ReadOnlySpan<byte> bytes)
    {
        output.Write("{\"type\":\"Buffer\",\"data\":["u8);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i > 0) output.Write((byte)',');
            JsonText.Write(output, bytes[i]);
        }

        output.Write("]}"u8);
    }
}
