using System.Buffers;
using System.Globalization;
using System.Text;

namespace SocketIOServer.Protocol.EngineIO;

/// <summary>Writes the non-ASCII characters of JSON text as \uXXXX, which all Engine.IO 3 clients read in the same way.</summary>
internal static class AsciiJson
{
    public static byte[] Escape(ReadOnlySpan<byte> utf8)
    {
        var output = new ArrayBufferWriter<byte>(utf8.Length * 2);
        Span<char> units = stackalloc char[2];
        while (!utf8.IsEmpty)
        {
            var plain = utf8.IndexOfAnyInRange((byte)0x80, (byte)0xff);
            if (plain < 0) plain = utf8.Length;
            output.Write(utf8[..plain]);
            utf8 = utf8[plain..];
            if (utf8.IsEmpty) break;

            Rune.DecodeFromUtf8(utf8, out var rune, out var used);
            utf8 = utf8[used..];
            foreach (var unit in units[..rune.EncodeToUtf16(units)]) WriteUnit(output, unit);
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteUnit(ArrayBufferWriter<byte> output, char unit)
    {
        var target = output.GetSpan(6);
        "\\u"u8.CopyTo(target);
        ((ushort)unit).TryFormat(target[2..], out _, "x4", CultureInfo.InvariantCulture);
        output.Advance(6);
    }
}
