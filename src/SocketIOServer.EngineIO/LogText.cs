using System.Globalization;
using System.Text;

namespace SocketIOServer.EngineIO;

/// <summary>Puts what a request said into a line of the log: printable ASCII and not much of it (ATTACKS A79).</summary>
internal static class LogText
{
    private const int MaxLength = 200;

    /// <summary>The text with everything but printable ASCII as \uXXXX, cut where it is long.</summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text.Length <= MaxLength && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        var line = new StringBuilder();
        foreach (var c in text)
        {
            if (line.Length >= MaxLength) return line.Append("...").ToString();
            if (c is >= ' ' and <= '~') line.Append(c);
            else line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return line.ToString();
    }
}
