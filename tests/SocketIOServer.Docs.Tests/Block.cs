using System.Text.RegularExpressions;

namespace SocketIOServer.Docs.Tests;

/// <summary>A csharp block of a page, and what the comment in front of it says about compiling it.</summary>
/// <param name="Page">The page, from the root of the repository.</param>
/// <param name="Line">The line of the page with the block's first line of code.</param>
/// <param name="Preamble">What stands around the code; "program" for a block without a comment.</param>
/// <param name="Reason">Why it is not compiled, of "none".</param>
/// <param name="Code">The code, without the indentation of its fence.</param>
internal sealed partial record Block(string Page, int Line, string Preamble, string Reason, string Code)
{
    public string Where => $"{Page}:{Line}";

    public static IEnumerable<Block> Read(string page, string[] lines)
    {
        var (preamble, reason) = ("program", "");
        for (var i = 0; i < lines.Length; i++)
        {
            if (Comment().Match(lines[i]) is { Success: true } comment)
            {
                (preamble, reason) = (comment.Groups["preamble"].Value, comment.Groups["reason"].Value);
            }
            else if (lines[i].TrimStart() is var fence && fence.StartsWith("```", StringComparison.Ordinal))
            {
                var first = i + 1;
                while (++i < lines.Length && lines[i].Trim() != "```") { }
                var indent = lines[first - 1].Length - fence.Length;
                var code = string.Join('\n', lines[first..i].Select(line => line.Length > indent ? line[indent..] : line.TrimStart()));
                if (fence is "```csharp" or "```cs" or "```C#" or "```c#") yield return new(page, first + 1, preamble, reason, code);
                (preamble, reason) = ("program", "");
            }
            else if (lines[i].Trim().Length > 0)
            {
                // A comment belongs to the block that follows it at once.
                (preamble, reason) = ("program", "");
            }
        }
    }

    [GeneratedRegex(@"^\s*<!-- compile: (?<preamble>\w+)(, (?<reason>.+?))? -->\s*$")]
    private static partial Regex Comment();
}
