using System.Text;
using Microsoft.CodeAnalysis;
using SocketIOServer.Generators.Tests;

namespace SocketIOServer.Docs.Tests;

/// <summary>Compiles a block with what its page leaves out.</summary>
internal static class BlockCompiler
{
    public static Compilation Compile(Block block)
    {
        var preamble = Preamble.Of(block.Preamble);
        return PackageCompiler.Compile(Text(block, preamble), preamble.Usings, preamble.Types);
    }

    // Usings have to stay in front of the preamble's statements.
    private static string Text(Block block, Preamble preamble)
    {
        var lines = block.Code.Split('\n');
        var usings = lines.TakeWhile(line => line.Length == 0 || line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=')).Count();
        if (preamble.Before.Length == 0) usings = 0;
        var text = new StringBuilder();
        text.Append("#line ").Append(block.Line).Append(" \"").Append(block.Page).Append("\"\n");
        foreach (var line in lines.Take(usings)) text.Append(line).Append('\n');
        if (preamble.Before.Length > 0)
            text.Append(preamble.Before).Append("\n#line ").Append(block.Line + usings).Append(" \"").Append(block.Page).Append("\"\n");
        foreach (var line in lines.Skip(usings)) text.Append(line).Append('\n');

        // Directives of a file-based program are its first lines; the line counting starts behind them.
        return lines[0].StartsWith("#:", StringComparison.Ordinal) ? block.Code : text.ToString();
    }
}
