using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SocketIOServer.Generators.Analyzers;

namespace SocketIOServer.Generators.Tests;

/// <summary>Compiles as the SDK would, with the generator and the analyzers that travel in the package.</summary>
internal static class PackageCompiler
{
    private static readonly CSharpParseOptions Parsing = new CSharpParseOptions(LanguageVersion.Preview).WithFeatures([new("FileBasedProgram", "true")]);

    // What this process runs on: the shared frameworks, our assemblies, xunit.
    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
        [.. typeof(LibraryAnalyzer).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer))).Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    /// <param name="code">A program if it has statements, else a library.</param>
    /// <param name="beside">Other files of it.</param>
    public static Compilation Compile(string code, params IEnumerable<string> beside)
    {
        var program = Parse(code);
        var hasStatements = program.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
        var options = new CSharpCompilationOptions(
            hasStatements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        var blank = CSharpCompilation.Create("Page", [program, .. beside.Select(Parse)], References, options);
        Driver().RunGeneratorsAndUpdateCompilation(blank, out var compilation, out _, TestContext.Current.CancellationToken);
        return compilation;
    }

    /// <summary>What a reader's build would show, warnings too.</summary>
    /// <param name="compilation">Of <see cref="Compile"/>.</param>
    /// <param name="properties">What the project says to analyzers.</param>
    public static async Task<ImmutableArray<Diagnostic>> DiagnoseAsync(Compilation compilation, Dictionary<string, string>? properties = null)
    {
        var options = new AnalyzerOptions([], new BuildProperties(properties ?? []));
        var all = await compilation.WithAnalyzers(Analyzers, options).GetAllDiagnosticsAsync(TestContext.Current.CancellationToken);
        // The generator's own: it finds the same in a compilation that has its sources already.
        all = all.AddRange(Driver().RunGenerators(compilation, TestContext.Current.CancellationToken).GetRunResult().Diagnostics);
        return [.. all.Where(fault => fault.Severity >= DiagnosticSeverity.Warning).OrderBy(fault => fault.Location.SourceSpan.Start)];
    }

    private static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create([new ClientProxyGenerator().AsSourceGenerator()], parseOptions: Parsing);

    public static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, Parsing, encoding: Encoding.UTF8);

    private sealed class BuildProperties(Dictionary<string, string> properties) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(properties);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Options(Dictionary<string, string> properties) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => properties.TryGetValue(key, out value);
    }
}
