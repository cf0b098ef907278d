using SocketIOServer.Generators.Tests;

namespace SocketIOServer.Docs.Tests;

/// <summary>Code on the pages is code: it compiles as it stands there, or is wrong as its page says.</summary>
public sealed class CompileTests
{
    public static TheoryData<string> Blocks => [.. Pages.Blocks.Select(block => block.Where)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task A_block_compiles(string where)
    {
        var block = Pages.Blocks.Single(block => block.Where == where);

        if (block.Preamble == "none")
        {
            Assert.True(block.Note.Length > 0, $"{where}: say why it is not compiled, <!-- compile: none, the reason -->");
            return;
        }

        var faults = await PackageCompiler.DiagnoseAsync(BlockCompiler.Compile(block), Preamble.Of(block.Preamble).Properties);
        Assert.True(block.Faults.SetEquals(faults.Select(fault => fault.Id)), $"{where}, which shows {(block.Note is "" ? "right code" : block.Note)}:\n{string.Join('\n', faults)}");
    }
}
