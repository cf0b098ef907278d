namespace SocketIOServer.Docs.Tests;

/// <summary>The pages that readers copy code from.</summary>
internal static class Pages
{
    private static readonly string Root = FindRoot();

    public static IReadOnlyList<Block> Blocks { get; } = [.. Files().SelectMany(page => Block.Read(page, File.ReadAllLines(Path.Combine(Root, page))))];

    private static IEnumerable<string> Files()
    {
        yield return "README.md";
        foreach (var page in Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Order(StringComparer.Ordinal)) yield return Path.GetRelativePath(Root, page);
        foreach (var project in Directory.GetDirectories(Path.Combine(Root, "src")).Order(StringComparer.Ordinal))
        {
            var page = Path.Combine(project, "README.md");
            if (File.Exists(page)) yield return Path.GetRelativePath(Root, page);
        }
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SocketIOServer.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
        return folder;
    }
}
