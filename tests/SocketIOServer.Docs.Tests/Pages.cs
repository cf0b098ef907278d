namespace SocketIOServer.Docs.Tests;

/// <summary>The pages that readers copy code from.</summary>
internal static class Pages
{
    private static readonly string Root = FindRoot();

    public static IReadOnlyList<Block> Blocks { get; } = [.. Files().SelectMany(page => Block.Read(page, File.ReadAllLines(Path.Combine(Root, page))))];

    public static Block Find(string where) => Blocks.Single(block => block.Where == where);

    /// <summary>All pages that the repository itself has, whoever reads them.</summary>
    public static IEnumerable<MarkdownPage> AllMarkdown() =>
        new DirectoryInfo(Root).EnumerateDirectories().Where(folder => folder.Name is not ("artifacts" or ".git")).SelectMany(folder => folder.EnumerateFiles("*.md", SearchOption.AllDirectories))
            .Concat(new DirectoryInfo(Root).EnumerateFiles("*.md"))
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "node_modules" or "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => MarkdownPage.Read(path, Lines(path)));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    public static bool Exists(string path) => File.Exists(Path.Combine(Root, path));

    /// <summary>Whether a page is the README of a package.</summary>
    public static bool IsOfPackage(string path) => path == "templates/README.md" || path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith("/README.md", StringComparison.Ordinal);

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
