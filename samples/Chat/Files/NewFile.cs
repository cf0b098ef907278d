namespace Chat.Files;

/// <summary>A file that came from a client: its type told by its content, its name made harmless.</summary>
internal sealed record NewFile(string Name, string Type, byte[] Content)
{
    public const int MaxBytes = 1 << 20;

    private const int MaxNameLength = 80;

    public static Outcome<NewFile> Read(string? name, byte[] content)
    {
        if (content.Length == 0) return ErrorCode.Empty;
        if (content.Length > MaxBytes) return ErrorCode.TooLarge;
        return FileType.Of(content) is { } type ? new NewFile(SafeName(name, type), type.Name, content) : ErrorCode.BadType;
    }

    // The last part of a path, with an ending that fits the content: what is saved as "page.html" would run when it is opened.
    private static string SafeName(string? given, FileType type)
    {
        var name = new string([.. (given ?? "").Split('/', '\\')[^1].Where(letter => !char.IsControl(letter) && !IsFormat(letter))]).Trim(' ', '.');
        var ending = Path.GetExtension(name);
        var stem = name[..^ending.Length];
        if (!type.Endings.Contains(ending, StringComparer.OrdinalIgnoreCase)) (stem, ending) = (name, type.Endings[0]);
        if (stem.Length == 0) stem = "file";
        if (stem.Length > MaxNameLength) stem = stem[..MaxNameLength];
        return stem + ending;
    }

    // Such as the mark that shows "gpj.exe" for "exe.jpg".
    private static bool IsFormat(char letter) => char.GetUnicodeCategory(letter) == System.Globalization.UnicodeCategory.Format;
}

/// <summary>A file as it is served.</summary>
internal sealed record StoredFile(string Name, string Type, byte[] Content);
