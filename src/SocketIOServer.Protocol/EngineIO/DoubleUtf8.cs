using System.Text;
using System.Text.Unicode;

namespace SocketIOServer.Protocol.EngineIO;

/// <summary>
/// Reverts the double encoding of engine.io-parser 1.x (clients 1.0 to 1.7) in polling payloads. That parser turns each UTF-8 byte of a text into a character,
/// and the request encodes these characters again. Only the text itself shows whether this has happened.
/// </summary>
internal static class DoubleUtf8
{
    /// <summary>False when the text is not double encoded, or cannot be; <paramref name="isPlain"/> when a character above U+00FF proves it.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, out byte[] decoded, out bool isPlain)
    {
        decoded = [];
        isPlain = false;
        if (Ascii.IsValid(text)) return false;
        if (text.IndexOfAnyInRange((byte)0xc4, (byte)0xff) >= 0)
        {
            isPlain = true;
            return false;
        }

        var once = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            // The lead bytes C2 and C3 stand for U+0080 to U+00FF. Bodies have already been checked to be UTF-8. If the decoded bytes are not UTF-8, the text
            // was not double encoded.
            var b = text[i];
            if (b >= 0x80 && (b < 0xc2 || ++i == text.Length || (text[i] & 0xc0) != 0x80)) return false;
            once[length++] = b < 0x80 ? b : (byte)((b & 0x03) << 6 | text[i] & 0x3f);
        }

        ReplaceSurrogates(once.AsSpan(0, length));
        if (!Utf8.IsValid(once.AsSpan(0, length))) return false;
        decoded = length == once.Length ? once : once[..length];
        return true;
    }

    // Client 1.5 writes a lone surrogate as three bytes (ED A0..BF xx), which UTF-8 forbids. U+FFFD has the same length.
    private static void ReplaceSurrogates(Span<byte> bytes)
    {
        for (var i = 0; i + 2 < bytes.Length; i++)
        {
            if (bytes[i] != 0xed || bytes[i + 1] is < 0xa0 or > 0xbf || bytes[i + 2] is < 0x80 or > 0xbf) continue;
            bytes[i] = 0xef;
            bytes[i + 1] = 0xbf;
            bytes[i + 2] = 0xbd;
        }
    }
}
