using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace SocketIOServer.Json;

/// <summary>
/// Like <see cref="JavaScriptEncoder.UnsafeRelaxedJsonEscaping"/>, but emoji and other characters beyond the basic plane are not escaped, as with
/// JSON.stringify. That encoder writes each of them as two escapes, 12 bytes instead of 4. It still escapes quotes, control characters, U+2028, U+2029 and
/// lone surrogates.
/// </summary>
internal sealed unsafe class PlainJsonEncoder : JavaScriptEncoder
{
    private const int RuneBytes = 4;
    private const int RuneChars = 2;

    public static readonly PlainJsonEncoder Instance = new();

    private PlainJsonEncoder()
    {
    }

    public override int MaxOutputCharactersPerInputCharacter => UnsafeRelaxedJsonEscaping.MaxOutputCharactersPerInputCharacter;

    public override bool WillEncode(int unicodeScalar) => !IsRaw(unicodeScalar) && UnsafeRelaxedJsonEscaping.WillEncode(unicodeScalar);

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        for (var start = 0; ;)
        {
            var index = UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncode(text + start, textLength - start);
            if (index < 0) return -1;
            start += index;
            if (!IsRaw(new ReadOnlySpan<char>(text + start, textLength - start))) return start;
            start += RuneChars;
        }
    }

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        for (var start = 0; ;)
        {
            var index = UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncodeUtf8(utf8Text[start..]);
            if (index < 0) return -1;
            start += index;
            if (!IsRaw(utf8Text[start..])) return start;
            start += RuneBytes;
        }
    }

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        UnsafeRelaxedJsonEscaping.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);

    public override OperationStatus Encode(
        ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten, bool isFinalBlock = true)
    {
        charsConsumed = charsWritten = 0;
        while (true)
        {
            var rest = source[charsConsumed..];
            var raw = IndexOfRaw(rest);
            var status = UnsafeRelaxedJsonEscaping.Encode(
                raw < 0 ? rest : rest[..raw], destination[charsWritten..], out var consumed, out var written, isFinalBlock || raw >= 0);
            charsConsumed += consumed;
            charsWritten += written;
            if (status != OperationStatus.Done || raw < 0) return status;
            if (!source.Slice(charsConsumed, RuneChars).TryCopyTo(destination[charsWritten..])) return OperationStatus.DestinationTooSmall;
            charsConsumed += RuneChars;
            charsWritten += RuneChars;
        }
    }

    public override OperationStatus EncodeUtf8(
        ReadOnlySpan<byte> utf8Source, Span<byte> utf8Destination, out int bytesConsumed, out int bytesWritten, bool isFinalBlock = true)
    {
        bytesConsumed = bytesWritten = 0;
        while (true)
        {
            var rest = utf8Source[bytesConsumed..];
            var raw = IndexOfRaw(rest);
            var status = UnsafeRelaxedJsonEscaping.EncodeUtf8(
                raw < 0 ? rest : rest[..raw], utf8Destination[bytesWritten..], out var consumed, out var written, isFinalBlock || raw >= 0);
            bytesConsumed += consumed;
            bytesWritten += written;
            if (status != OperationStatus.Done || raw < 0) return status;
            if (!utf8Source.Slice(bytesConsumed, RuneBytes).TryCopyTo(utf8Destination[bytesWritten..])) return OperationStatus.DestinationTooSmall;
            bytesConsumed += RuneBytes;
            bytesWritten += RuneBytes;
        }
    }

    private static bool IsRaw(int scalar) => scalar is > char.MaxValue and <= 0x10ffff;

    private static bool IsRaw(ReadOnlySpan<char> text) => text.Length >= RuneChars && char.IsSurrogatePair(text[0], text[1]);

    private static bool IsRaw(ReadOnlySpan<byte> text) => Rune.DecodeFromUtf8(text, out _, out var used) == OperationStatus.Done && used == RuneBytes;

    private static int IndexOfRaw(ReadOnlySpan<char> text)
    {
        for (var start = 0; ; start++)
        {
            var index = text[start..].IndexOfAnyInRange('\ud800', '\udbff');
            if (index < 0) return -1;
            start += index;
            if (IsRaw(text[start..])) return start;
        }
    }

    private static int IndexOfRaw(ReadOnlySpan<byte> text)
    {
        for (var start = 0; ; start++)
        {
            var index = text[start..].IndexOfAnyInRange((byte)0xf0, (byte)0xf4);
            if (index < 0) return -1;
            start += index;
            if (IsRaw(text[start..])) return start;
        }
    }
}
