using System.Buffers.Text;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>
/// Repairs lone surrogates. JavaScript can send half a character, such as "\ud800", which System.Text.Json cannot convert to a string. Such an escape becomes
/// \ufffd, which has the same length, so the rest of the text does not move.
/// </summary>
internal static class Surrogates
{
    private const int EscapeLength = 6;

    /// <summary>Returns the text itself, or a repaired copy if it contains lone surrogates.</summary>
    public static ReadOnlyMemory<byte> Repair(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOf("\\u"u8) < 0) return json;
        byte[]? copy = null;
        var span = json.Span;
        for (var i = 0; i < span.Length; i++)
        {
            if (span[i] != '\\') continue;
            var unit = ReadUnit(span[i..]);
            if (unit is < 0xd800 or > 0xdfff)
            {
                // Skips the backslash and the escaped character, so that in \\u the second backslash does not count as the start of an escape.
                i++;
                continue;
            }

            if (unit < 0xdc00 && ReadUnit(span[(i + EscapeLength)..]) is >= 0xdc00 and <= 0xdfff)
            {
                i += 2 * EscapeLength - 1;
                continue;
            }

            copy ??= json.ToArray();
            "\\ufffd"u8.CopyTo(copy.AsSpan(i));
            i += EscapeLength - 1;
        }

        return copy ?? json;
    }

    // Returns the UTF-16 unit of an escape \uXXXX at the start of the text, or -1.
    private static int ReadUnit(ReadOnlySpan<byte> text) =>
        text.Length >= EscapeLength && text[0] == '\\' && text[1] == 'u'
        && Utf8Parser.TryParse(text.Slice(2, 4), out ushort unit, out var used, 'x') && used == 4 ? unit : -1;
}
