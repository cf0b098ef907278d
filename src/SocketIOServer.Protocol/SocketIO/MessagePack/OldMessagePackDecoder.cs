using System.Text.Json;

namespace SocketIOServer.Protocol.SocketIO.MessagePack;

/// <summary>
/// Reads packets of socket.io-msgpack-parser 2: events and acks in MessagePack, and CONNECT and DISCONNECT as JSON, such as
/// <c>{"type":0,"nsp":"/chat?a=b"}</c>.
/// </summary>
internal sealed class OldMessagePackDecoder(PacketLimits limits) : MessagePackDecoder(limits)
{
    protected override bool TryReadText(ReadOnlyMemory<byte> text, out SocketPacket packet)
    {
        packet = default;
        var type = -1;
        var name = ReadOnlyMemory<byte>.Empty;
        try
        {
            var reader = new Utf8JsonReader(Surrogates.Repair(text).Span, new JsonReaderOptions { MaxDepth = Limits.MaxJsonDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("type"u8);
                var isName = reader.ValueTextEquals("nsp"u8);
                reader.Read();
                if (isType && (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out type))) return false;
                if (isName && !TryReadName(ref reader, out name)) return false;
                reader.Skip();
            }

            if (reader.Read()) return false;
        }
        catch (JsonException)
        {
            return false;
        }

        var isControl = (SocketPacketType)type is SocketPacketType.Connect or SocketPacketType.Disconnect;
        return isControl && !name.IsEmpty && TryCreateFromCheckedParts((SocketPacketType)type, name, SocketPacket.NoId, default, NoAttachments, out packet);
    }

    private static bool TryReadName(ref Utf8JsonReader reader, out ReadOnlyMemory<byte> name)
    {
        name = default;
        if (reader.TokenType != JsonTokenType.String) return false;
        var unescaped = new byte[reader.ValueSpan.Length];
        name = unescaped.AsMemory(0, reader.CopyString(unescaped));
        return IsName(name.Span);
    }
}
