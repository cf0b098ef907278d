using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace SocketIOServer.ThirdParty.Tests;

/// <summary>
/// A parser from outside: <c>TYPE NAMESPACE ID ATTACHMENTS JSON</c>, such as <c>EVENT /chat 7 1 ["file",{"_placeholder":true,"num":0}]</c>, with "-" for no id. The
/// attachments follow as text, each in base64 behind a "+".
/// </summary>
internal sealed class LineParser : PacketParser
{
    public override PacketDecoder CreateDecoder(PacketLimits limits) => new LineDecoder(limits);

    public override OutgoingMessage Write(SocketPacketType type, ReadOnlySpan<byte> @namespace, long id, ReadOnlySpan<byte> json, byte[][] attachments)
    {
        var line = new StringBuilder();
        line.Append(type.ToString().ToUpperInvariant()).Append(' ').Append(@namespace.IsEmpty ? "/" : Encoding.UTF8.GetString(@namespace)).Append(' ');
        line.Append(id == SocketPacket.NoId ? "-" : id.ToString(CultureInfo.InvariantCulture)).Append(' ');
        line.Append(string.Join("", attachments.Select(attachment => $"+{Convert.ToBase64String(attachment)}"))).Append(' ').Append(Encoding.UTF8.GetString(json));
        return OutgoingMessage.FromText(Encoding.UTF8.GetBytes(line.ToString()));
    }

    private sealed class LineDecoder(PacketLimits limits) : PacketDecoder(limits)
    {
        public override DecodeResult Add(ReadOnlyMemory<byte> data, bool isBinary, out SocketPacket packet)
        {
            packet = default;
            if (isBinary) return DecodeResult.Invalid;
            var parts = Encoding.UTF8.GetString(data.Span).Split(' ', 5);
            if (parts.Length != 5 || !Enum.TryParse<SocketPacketType>(parts[0], ignoreCase: true, out var type)) return DecodeResult.Invalid;
            var id = SocketPacket.NoId;
            if (parts[2] != "-" && !long.TryParse(parts[2], CultureInfo.InvariantCulture, out id)) return DecodeResult.Invalid;
            var attachments = new List<ReadOnlyMemory<byte>>();
            foreach (var text in parts[3].Split('+', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!Base64.IsValid(text)) return DecodeResult.Invalid;
                attachments.Add(Convert.FromBase64String(text));
            }

            var name = parts[1] == "/" ? [] : Encoding.UTF8.GetBytes(parts[1]);
            return TryCreate(type, name, id, Encoding.UTF8.GetBytes(parts[4]), attachments, out packet) ? DecodeResult.Complete : DecodeResult.Invalid;
        }
    }
}
