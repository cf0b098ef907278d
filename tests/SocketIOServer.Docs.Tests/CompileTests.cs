namespace SocketIOServer.Docs.Tests;

/// <summary>Code on the pages is code: it compiles as it stands there.</summary>
public sealed class CompileTests
{
    public static TheoryData<string> Blocks => [.. Pages.Blocks.Select(block => block.Where)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_block_compiles(string where)
    {
        var block = Pages.Blocks.Single(block => block.Where == where);

        if (block.Preamble == "none")
        {
            Assert.True(block.Reason.Length > 0, $"{where}: say why it is not compiled, <!-- compile: none, the reason -->");
            return;
        }

        var faults = BlockCompiler.Faults(BlockCompiler.Compile(block));
        Assert.True(faults.Count == 0, $"{where}:\n{string.Join('\n', faults)}");
    }
}
