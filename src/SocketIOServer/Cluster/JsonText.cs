using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster;

/// <summary>Writes texts as JSON.stringify does: nothing is escaped that need not be.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    public static void Write(ByteScratch output, string text)
    {
        output.Write((byte)'"');
        var utf8 = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        utf8 = utf8[..Encoding.UTF8.GetBytes(text, utf8)];
        if (!utf8.ContainsAny(Escaped)) output.Advance(utf8.Length);
        else WriteEscaped(output, utf8.ToArray());
        output.Write((byte)'"');
    }

    public static void Write(ByteScratch output, ImmutableArray<string> texts)
    {
        output.Write((byte)'[');
        for (var i = 0; i < texts.Length; i++)
        {
            if (i > 0) output.Write((byte)',');
            Write(output, texts[i]);
        }

        output.Write((byte)']');
    }

    public static void Write(ByteScratch output, long number)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(20), out var digits);
        output.Advance(digits);
    }

    private static void WriteEscaped(ByteScratch output, ReadOnlySpan<byte> utf8)
    {
        foreach (var unit in utf8)
        {
            switch (unit)
            {
                case (byte)'"' or (byte)'\\':
                    output.Write((byte)'\\');
                    output.Write(unit);
                    break;
                case (byte)'\b':
                    output.Write("\\b"u8);
                    break;
                case (byte)'\t':
                    output.Write("\\t"u8);
                    break;
                case (byte)'\n':
                    output.Write("\\n"u8);
                    break;
                case (byte)'\f':
                    output.Write("\\f"u8);
                    break;
                case (byte)'\r':
                    output.Write("\\r"u8);
                    break;
                case < 0x20:
                    output.Write("\\u00"u8);
                    Utf8Formatter.TryFormat(unit, output.GetSpan(2), out var digits, new StandardFormat('x', 2));
                    output.Advance(digits);
                    break;
                default:
                    output.Write(unit);
                    break;
            }
        }
    }
}
