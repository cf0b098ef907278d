using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>Finds anonymous objects that are emitted by a program without reflection.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AnonymousObjectAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.AnonymousObject];

    private protected override void Start(CompilationStartAnalysisContext start, Library library)
    {
        // The SDK sets it for PublishAot and IsAotCompatible, and shows it to analyzers.
        start.Options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue("build_property.EnableAotAnalyzer", out var isAot);
        if (!string.Equals(isAot, "true", StringComparison.OrdinalIgnoreCase)) return;
        start.RegisterOperationAction(
            context =>
            {
                var call = (IInvocationOperation)context.Operation;
                if (!library.Emits(call.TargetMethod)) return;
                foreach (var argument in call.Arguments)
                {
                    if (argument.Descendants().FirstOrDefault(part => part.Type is { IsAnonymousType: true }) is { } found)
                        context.ReportDiagnostic(Diagnostic.Create(Rules.AnonymousObject, found.Syntax.GetLocation()));
                }
            },
            OperationKind.Invocation);
    }
}
