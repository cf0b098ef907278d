using System.Buffers;
using System.Text.Json;

namespace SocketIOServer.Json;

/// <summary>
/// Whole numbers that are written as fractions. Python, Java and Unity write 2.0 for a float that is whole, and JavaScript reads that as 2;
/// System.Text.Json does not accept it for an int. Here such a number becomes its exact digits, without a conversion to double.
/// </summary>
internal static class WholeNumbers
{
    // Int128 and UInt128 have 39 digits at most. More zeros fit no integer, and a client could ask for gigabytes of them.
    private const int MaxDigits = 40;

    // Beyond this, no mantissa is long enough to give an integer.
    private const int MaxExponent = 10_000_000;

    /// <summary>Writes the first value of the text with the digits of such numbers. Returns false if it has none.</summary>
    /// <param name="json">Valid JSON. What follows the value is not read.</param>
    /// <param name="plain">The value alone.</param>
    /// <param name="length">The length of the value in the text.</param>
    public static bool TryWrite(ReadOnlySpan<byte> json, out ReadOnlySpan<byte> plain, out int length)
    {
        ArrayBufferWriter<byte>? output = null;
        var copied = 0;
        // The depth was checked when the packet was received.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        Span<byte> digits = stackalloc byte[MaxDigits + 1];
        do
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !TryFormat(reader.ValueSpan, digits, out var count)) continue;
            var start = (int)reader.TokenStartIndex;
            output ??= new(json.Length);
            output.Write(json[copied..start]);
            output.Write(digits[..count]);
            copied = start + reader.ValueSpan.Length;
        }
        while (reader.CurrentDepth > 0 || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray);

        length = (int)reader.BytesConsumed;
        plain = default;
        if (output is null) return false;
        output.Write(json[copied..length]);
        plain = output.WrittenSpan;
        return true;
    }

    // [-]digits[.digits][e[+-]digits]; RFC 8259, section 6.
    private static bool TryFormat(ReadOnlySpan<byte> number, Span<byte> output, out int count)
    {
        count = 0;
        if (number.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0) return false;
        var isNegative = number[0] == '-';
        if (isNegative) number = number[1..];

        var exponent = 0;
        var mark = number.IndexOfAny((byte)'e', (byte)'E');
        if (mark >= 0 && !TryReadExponent(number[(mark + 1)..], out exponent)) return false;
        var mantissa = mark < 0 ? number : number[..mark];
        var point = mantissa.IndexOf((byte)'.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? default : mantissa[(point + 1)..].TrimEnd((byte)'0');
        if (fraction.IsEmpty && whole is [(byte)'0'])
        {
            // Unsigned types do not read a zero with a sign.
            output[count++] = (byte)'0';
            return true;
        }

        // The decimal point moves to the right over the fraction and then adds zeros. It moves to the left only over zeros.
        var zeros = exponent - fraction.Length;
        if (zeros < 0 && !fraction.IsEmpty) return false;
        var cut = zeros < 0 ? -zeros : 0;
        if (cut >= whole.Length || whole[^cut..].ContainsAnyExcept((byte)'0')) return false;
        whole = whole[..^cut];
        if (whole.Length + fraction.Length + (long)Math.Max(zeros, 0) > MaxDigits) return false;

        if (isNegative) output[count++] = (byte)'-';
        var first = count;
        whole.CopyTo(output[count..]);
        count += whole.Length;
        fraction.CopyTo(output[count..]);
        count += fraction.Length;
        for (; zeros > 0; zeros--) output[count++] = (byte)'0';
        // 0.5e1 is 05 at this point, and JSON does not allow a leading zero.
        var leading = output[first..count].IndexOfAnyExcept((byte)'0');
        if (leading > 0)
        {
            output[(first + leading)..count].CopyTo(output[first..]);
            count -= leading;
        }

        return true;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        var isNegative = text[0] == '-';
        if (text[0] is (byte)'-' or (byte)'+') text = text[1..];
        exponent = 0;
        foreach (var digit in text)
        {
            exponent = exponent * 10 + (digit - '0');
            if (exponent > MaxExponent) return false;
        }

        if (isNegative) exponent = -exponent;
        return true;
    }
}
