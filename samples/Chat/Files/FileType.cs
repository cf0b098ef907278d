using System.Buffers;
using System.Text.Unicode;

namespace Chat.Files;

/// <summary>The types of files that may be sent, each known by its first bytes.</summary>
/// <param name="Name">As a browser is told.</param>
/// <param name="IsImage">Shown in the chat; others are saved.</param>
/// <param name="Endings">Of names, the usual one first.</param>
internal sealed record FileType(string Name, bool IsImage, string[] Endings)
{
    private static readonly FileType Png = new("image/png", true, [".png"]);
    private static readonly FileType Jpeg = new("image/jpeg", true, [".jpg", ".jpeg"]);
    private static readonly FileType Gif = new("image/gif", true, [".gif"]);
    private static readonly FileType Webp = new("image/webp", true, [".webp"]);
    private static readonly FileType Pdf = new("application/pdf", false, [".pdf"]);
    private static readonly FileType Zip = new("application/zip", false, [".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub"]);
    private static readonly FileType Text = new("text/plain; charset=utf-8", false, [".txt", ".md", ".csv", ".log", ".json"]);

    private static readonly FileType[] All = [Png, Jpeg, Gif, Webp, Pdf, Zip, Text];

    // All below the blank but tab, line feed, form feed and carriage return.
    private static readonly SearchValues<byte> NotText = SearchValues.Create("\0\x01\x02\x03\x04\x05\x06\x07\x08\x0B\x0E\x0F\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1A\x1C\x1D\x1E\x1F\x7F"u8);

    public static bool IsShown(string type) => Array.Exists(All, known => known.Name == type && known.IsImage);

    /// <summary>Null: none of them.</summary>
    public static FileType? Of(ReadOnlySpan<byte> content) =>
        content.Length > 8 && content[0] == 0x89 && content[1..].StartsWith("PNG\r\n\x1A\n"u8) ? Png
        : content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg
        : content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8) ? Gif
        : content.Length >= 12 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBP"u8) ? Webp
        : content.StartsWith("%PDF-"u8) ? Pdf
        : content.StartsWith("PK\x03\x04"u8) ? Zip
        : Utf8.IsValid(content) && !content.ContainsAny(NotText) ? Text
        : null;
}
