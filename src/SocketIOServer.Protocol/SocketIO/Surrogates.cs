using System.Buffers.Text;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>
/// JavaScript sends half a character legally, as "\ud800"; System.Text.Json cannot make a string of it. Such escapes
/// become \ufffd, which is as long, so nothing else of the text moves.
/// </summary>
internal static class Surrogates
{
    private const int EscapeLength = 6;

    /// <summary>The text itself, or a repaired copy where there was something to repair.</summary>
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
                // Over the backslash and what it escapes, so that in \\u the second one does not count as a first.
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

    // The UTF-16 unit of an escape \uXXXX at the start of the text, else -1.
    private static int ReadUnit(ReadOnlySpan<byte> text) =>
        text.Length >= EscapeLength && text[0] == '\\' && text[1] == 'u'
        && Utf8Parser.TryParse(text.Slice(2, 4), out ushort unit, out var used, 'x') && used == 4 ? unit : -1;
}
