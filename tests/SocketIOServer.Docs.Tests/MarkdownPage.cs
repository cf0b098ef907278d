using System.Text;
using System.Text.RegularExpressions;

namespace SocketIOServer.Docs.Tests;

/// <summary>A page of the repository: where it links to, and what its headings are called in addresses.</summary>
/// <param name="Path">From the root of the repository, with slashes.</param>
/// <param name="Links">Line and target of each link and picture, in the order of the page.</param>
/// <param name="Anchors">The parts of the page that a link can name behind a #.</param>
internal sealed partial record MarkdownPage(string Path, IReadOnlyList<(int Line, string Target)> Links, IReadOnlySet<string> Anchors)
{
    public static MarkdownPage Read(string path, string[] lines)
    {
        var links = new List<(int, string)>();
        var anchors = new HashSet<string>();
        var isCode = false;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal)) isCode = !isCode;
            else if (!isCode && !lines[i].StartsWith("    ", StringComparison.Ordinal))
            {
                if (Heading().Match(lines[i]) is { Success: true } heading) AddAnchor(anchors, heading.Groups["text"].Value);
                // What stands in backticks is text, also where it looks like a link: `[On](…)`.
                var text = InlineCode().Replace(lines[i], "");
                links.AddRange(Link().Matches(text).Select(link => (i + 1, link.Groups["target"].Value)));
            }
        }
        return new(path, links, anchors);
    }

    // As GitHub makes them: small letters, no punctuation, hyphens for spaces; a second heading of the same text is -1.
    private static void AddAnchor(HashSet<string> anchors, string heading)
    {
        var anchor = new StringBuilder();
        foreach (var c in LinkText().Replace(heading, "${text}").Trim())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_') anchor.Append(char.ToLowerInvariant(c));
            else if (c == ' ') anchor.Append('-');
        }
        var name = anchor.ToString();
        for (var i = 1; !anchors.Add(name); i++) name = $"{anchor}-{i}";
    }

    [GeneratedRegex(@"^#{1,6} (?<text>.+?)#*$")]
    private static partial Regex Heading();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)[^)]*\)|<(?:img|a)\b[^>]*\b(?:src|href)=""(?<target>[^""]+)""")]
    private static partial Regex Link();
}
