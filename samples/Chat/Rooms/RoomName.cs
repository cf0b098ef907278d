using System.Text;

namespace Chat.Rooms;

/// <summary>Names of rooms: anything that can be read, on one line.</summary>
internal static class RoomName
{
    public const int MaxLength = 40;

    public static Outcome<string> Read(string? typed)
    {
        var name = typed?.Trim().Normalize(NormalizationForm.FormC) ?? "";
        if (name.Length == 0) return ErrorCode.Empty;
        if (name.Length > MaxLength) return ErrorCode.TooLong;
        // Format characters (Cf) are not seen, or turn the writing of the page around.
        return name.EnumerateRunes().Any(rune => Rune.IsControl(rune) || IsHidden(rune)) ? ErrorCode.BadName : name;
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune)
        is System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.LineSeparator
        or System.Globalization.UnicodeCategory.ParagraphSeparator
        or System.Globalization.UnicodeCategory.Surrogate
        && rune.Value != 0x200D;   // joins emoji
}
