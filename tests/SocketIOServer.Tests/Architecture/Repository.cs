namespace SocketIOServer.Tests.Architecture;

/// <summary>The sources as they lie on disk.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every source file that ships, by its path from the root with forward slashes.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } = [.. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Select(path => new SourceFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllLines(path)))
        .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal) && !file.Path.Contains("/bin/", StringComparison.Ordinal))
        .OrderBy(file => file.Path, StringComparer.Ordinal)];

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "SocketIOServer.slnx"))) return folder;
        }

        throw new InvalidOperationException("The tests run outside of the repository.");
    }

    internal sealed record SourceFile(string Path, string[] Lines)
    {
        public string Name => Path[(Path.LastIndexOf('/') + 1)..];

        public bool IsIn(string folder) => Path.StartsWith("src/" + folder + "/", StringComparison.Ordinal);

        /// <summary>The lines that are code, with their numbers; comments may say what they like.</summary>
        public IEnumerable<string> Find(Func<string, bool> isMeant) => Lines
            .Select((line, index) => (Line: line.Trim(), Number: index + 1))
            .Where(line => !line.Line.StartsWith("//", StringComparison.Ordinal) && isMeant(line.Line))
            .Select(line => $"{Path}:{line.Number}: {line.Line}");
    }
}
