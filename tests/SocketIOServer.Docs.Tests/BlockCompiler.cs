using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SocketIOServer.Generators.Tests;

namespace SocketIOServer.Docs.Tests;

/// <summary>Compiles a block with what its page leaves out.</summary>
internal static class BlockCompiler
{
    /// <param name="block">The code of the page.</param>
    /// <param name="after">Statements behind it.</param>
    /// <param name="services">Statements behind those in front of it that make its <c>builder</c>.</param>
    public static Compilation Compile(Block block, string after = "", string services = "")
    {
        var preamble = Preamble.Of(block.Preamble).With(services);
        return PackageCompiler.Compile(Text(block, preamble, after), preamble.Usings, preamble.Types);
    }

    // Usings have to stay in front of the preamble's statements.
    private static string Text(Block block, Preamble preamble, string after)
    {
        var lines = block.Code.Split('\n');
        var usings = lines.TakeWhile(line => line.Length == 0 || line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=')).Count();
        if (preamble.Before.Length == 0) usings = 0;
        var text = new StringBuilder();
        text.Append("#line ").Append(block.Line).Append(" \"").Append(block.Page).Append("\"\n");
        foreach (var line in lines.Take(usings)) text.Append(line).Append('\n');
        if (preamble.Before.Length > 0)
            text.Append(preamble.Before).Append("\n#line ").Append(block.Line + usings).Append(" \"").Append(block.Page).Append("\"\n");
        // Types end a file, so what follows the block's statements stands in front of its types.
        var statements = after.Length == 0 ? lines.Length : StatementsOf(lines);
        foreach (var line in lines[usings..statements]) text.Append(line).Append('\n');
        text.Append(after).Append('\n');
        foreach (var line in lines[statements..]) text.Append(line).Append('\n');

        // Directives of a file-based program are its first lines; the line counting starts behind them.
        return lines[0].StartsWith("#:", StringComparison.Ordinal) ? block.Code + "\n" + after : text.ToString();
    }

    private static int StatementsOf(string[] lines)
    {
        var unit = PackageCompiler.Parse(string.Join('\n', lines)).GetCompilationUnitRoot(TestContext.Current.CancellationToken);
        var firstType = unit.Members.FirstOrDefault(member => member is not GlobalStatementSyntax);
        return firstType is null ? lines.Length : firstType.GetLocation().GetLineSpan().StartLinePosition.Line;
    }
}
