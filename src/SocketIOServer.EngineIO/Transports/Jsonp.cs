using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>The encoding of JSONP (engine.io, "polling-jsonp"): a response is a script that calls a function, and a request is one form field.</summary>
internal static class Jsonp
{
    private const int MaxIndexDigits = 10;

    /// <summary>Returns true for a valid index. It is written into a script, so it can contain only digits.</summary>
    public static bool IsIndex(string index) =>
        index.Length is > 0 and <= MaxIndexDigits && index.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    // ___eio[<j>]("<payload>"); System.Text.Json escapes <, U+2028 and all other characters that could end the string or the script.
    public static void Wrap(string index, ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        output.Write("___eio["u8);
        var digits = output.GetSpan(MaxIndexDigits);
        long.Parse(index, CultureInfo.InvariantCulture).TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        output.Advance(count);
        output.Write("]("u8);
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true })) json.WriteStringValue(payload);
        output.Write(");"u8);
    }

    /// <summary>Decodes the body <c>d=…</c> to the payload, in place. Returns false if the field is missing or its encoding is invalid.</summary>
    public static bool TryUnwrap(Memory<byte> body, out Memory<byte> payload)
    {
        payload = default;
        var span = body.Span;
        if (!span.StartsWith("d="u8)) return false;
        var end = span.IndexOf((byte)'&');
        if (end < 0) end = span.Length;

        var length = 0;
        for (var i = 2; i < end; i++)
        {
            var b = span[i];
            if (b == '+') b = (byte)' ';
            else if (b == '%')
            {
                if (i + 2 >= end) return false;
                int high = HexValue(span[i + 1]), low = HexValue(span[i + 2]);
                if (high < 0 || low < 0) return false;
                b = (byte)(high << 4 | low);
                i += 2;
            }

            span[length++] = b;
        }

        payload = body[..Unescape(span[..length])];
        return true;
    }

    // A form changes line feeds to CR LF, so the clients write a line feed as \n and the text \n as \\n. One of the backslashes before an n is therefore the
    // client's.
    private static int Unescape(Span<byte> text)
    {
        int length = 0, run = 0;
        foreach (var b in text)
        {
            if (b == 'n' && run == 1) text[length - 1] = (byte)'\n';
            else if (b == 'n' && run > 1) text[length - 1] = b;
            else text[length++] = b;
            run = b == '\\' ? run + 1 : 0;
        }

        return length;
    }

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
