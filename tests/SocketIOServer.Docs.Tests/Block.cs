using System.Text.RegularExpressions;

namespace SocketIOServer.Docs.Tests;

/// <summary>A csharp block of a page, and what the comment in front of it says about compiling it.</summary>
/// <param name="Page">The page, from the root of the repository.</param>
/// <param name="Line">The line of the page with the block's first line of code.</param>
/// <param name="Preamble">What stands around the code; "program" for a block without a comment.</param>
/// <param name="Note">Of "none" why it is not compiled; of others the ids of what is wrong with it, such as "SIO001 CS8917".</param>
/// <param name="Code">The code, without the indentation of its fence.</param>
internal sealed partial record Block(string Page, int Line, string Preamble, string Note, string Code)
{
    public string Where => $"{Page}:{Line}";

    public HashSet<string> Faults => [.. Note.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    public static IEnumerable<Block> Read(string page, string[] lines)
    {
        var (preamble, note) = ("program", "");
        for (var i = 0; i < lines.Length; i++)
        {
            if (Comment().Match(lines[i]) is { Success: true } comment)
            {
                (preamble, note) = (comment.Groups["preamble"].Value, comment.Groups["note"].Value);
            }
            else if (lines[i].TrimStart() is var fence && fence.StartsWith("```", StringComparison.Ordinal))
            {
                var first = i + 1;
                while (++i < lines.Length && lines[i].Trim() != "```") { }
                var indent = lines[first - 1].Length - fence.Length;
                var code = string.Join('\n', lines[first..i].Select(line => line.Length > indent ? line[indent..] : line.TrimStart()));
                if (fence is "```csharp" or "```cs" or "```C#" or "```c#") yield return new(page, first + 1, preamble, note, code);
                (preamble, note) = ("program", "");
            }
            else if (lines[i].Trim().Length > 0)
            {
                // A comment belongs to the block that follows it at once.
                (preamble, note) = ("program", "");
            }
        }
    }

    [GeneratedRegex(@"^\s*<!-- compile: (?<preamble>\w+)(, (?<note>.+?))? -->\s*$")]
    private static partial Regex Comment();
}
