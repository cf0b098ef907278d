using System.Globalization;
using System.Text;

namespace SocketIOServer.EngineIO;

/// <summary>Prepares text from a client for the log, so that a client can neither forge log lines nor fill the log.</summary>
internal static class LogText
{
    private const int MaxLength = 200;

    /// <summary>
    /// The text on one line. Printable ASCII and the letters, marks and digits of all scripts stay as they are; every other character, such as a
    /// line break, an escape sequence or a change of the writing direction, becomes <c>\uXXXX</c>. Text beyond 200 characters is cut.
    /// </summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text.Length <= MaxLength && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= MaxLength) return line.Append("...").ToString();
            if (IsReadable(rune)) line.Append(rune);
            else Escape(line, rune);
        }

        return line.ToString();
    }

    /// <inheritdoc cref="Of(string?)"/>
    /// <param name="utf8">The text. Only its beginning is decoded.</param>
    public static string Of(ReadOnlySpan<byte> utf8)
    {
        const int MaxBytes = (MaxLength + 1) * 4;
        return Of(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxBytes)]));
    }

    private static bool IsReadable(Rune rune)
    {
        if (rune.IsAscii) return rune.Value is >= ' ' and <= '~';
        return Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
    }

    private static void Escape(StringBuilder line, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        foreach (var unit in units[..rune.EncodeToUtf16(units)]) line.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
    }
}
