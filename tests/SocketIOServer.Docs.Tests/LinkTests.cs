namespace SocketIOServer.Docs.Tests;

/// <summary>Every link on a page of the repository leads somewhere: to a file that is there, and to a heading that it has.</summary>
public sealed class LinkTests
{
    private static readonly Dictionary<string, MarkdownPage> All = Pages.AllMarkdown().ToDictionary(page => page.Path);

    public static TheoryData<string> Paths => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Links_lead_somewhere(string path)
    {
        var broken = All[path].Links.Where(link => !IsThere(path, link.Target)).Select(link => $"{path}:{link.Line}: {link.Target}");

        Assert.Empty(broken);
    }

    [Fact]
    public void Pages_of_packages_have_no_relative_links()
    {
        // They are shown on the page of the package, where docs/ is not.
        var relative = All.Values.Where(page => Pages.IsOfPackage(page.Path)).SelectMany(page => page.Links.Where(link => !IsAbsolute(link.Target)).Select(link => $"{page.Path}:{link.Line}: {link.Target}"));

        Assert.Empty(relative);
    }

    [Fact]
    public void Every_page_of_docs_is_in_the_list()
    {
        var listed = All["docs/README.md"].Links.Select(link => Resolve("docs/README.md", link.Target.Split('#')[0])).ToHashSet();

        var missing = All.Keys.Where(path => path.StartsWith("docs/", StringComparison.Ordinal) && path.Count(c => c == '/') == 1 && path != "docs/README.md").Where(path => !listed.Contains(path));

        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("[a](b.md)", "b.md")]
    [InlineData("[a](b.md#c \"title\") and ![d](e.png)", "b.md#c e.png")]
    [InlineData("`[a](b.md)`", "")]
    [InlineData("<img src=\"a.png\" alt=\"\">", "a.png")]
    [InlineData("    [a](b.md)", "")]
    public void Links_are_found(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', MarkdownPage.Read("a.md", [line]).Links.Select(link => link.Target)));

    [Theory]
    [InlineData("## Several servers", "several-servers")]
    [InlineData("# C#: `On`, and [more](x.md)", "c-on-and-more")]
    [InlineData("## 1. Names", "1-names")]
    public void Headings_have_the_addresses_that_GitHub_gives_them(string line, string expected) =>
        Assert.Equal(expected, Assert.Single(MarkdownPage.Read("a.md", [line]).Anchors));

    private static bool IsThere(string from, string target)
    {
        if (IsAbsolute(target)) return true;
        var (file, anchor) = target.Split('#') is [var before, var after] ? (before, after) : (target, null);
        // A folder has no page on the documentation site.
        var path = file.Length == 0 ? from : Resolve(from, Uri.UnescapeDataString(file));
        return Pages.Exists(path) && (anchor is null || All.GetValueOrDefault(path)?.Anchors.Contains(anchor) == true);
    }

    private static bool IsAbsolute(string target) => target.StartsWith("https://", StringComparison.Ordinal) || target.StartsWith("http://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal);

    private static string Resolve(string from, string target) =>
        Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(from) ?? "", target))).Replace('\\', '/');
}
