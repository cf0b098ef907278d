using SocketIOServer.Generators.Tests;

namespace SocketIOServer.Docs.Tests;

/// <summary>The template's code compiles with each of its options. `./test packages` also builds and runs it from the package.</summary>
public sealed class TemplateTests
{
    [Theory]
    [InlineData("")]
    [InlineData("#define auth\n")]
    public async Task The_template_compiles(string options)
    {
        var usings = Preamble.Of("program").Usings + "global using Xunit;\n";
        var files = new[] { "app/Chat.cs", "tests/ChatTests.cs" }.Select(file => options + Read(file));

        var faults = await PackageCompiler.DiagnoseAsync(PackageCompiler.Compile(options + Read("app/Program.cs"), [usings, .. files]));

        // The SDK drops CS1701, which tells of the frameworks that xunit was built for.
        Assert.Empty(faults.Where(fault => fault.Id != "CS1701"));
    }

    private static string Read(string file) => string.Join('\n', Pages.Lines($"templates/socketio/{file}"));
}
