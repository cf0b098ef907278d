using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>Finds handlers whose end nobody could wait for.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AsyncVoidAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.AsyncVoid];

    private protected override void Start(CompilationStartAnalysisContext start, Library library)
    {
        start.RegisterOperationAction(
            context =>
            {
                var handler = library.HandlerIn((IInvocationOperation)context.Operation);
                var method = handler switch
                {
                    IAnonymousFunctionOperation lambda => lambda.Symbol,
                    IMethodReferenceOperation reference => reference.Method,
                    _ => null,
                };
                if (IsAsyncVoid(method)) context.ReportDiagnostic(Diagnostic.Create(Rules.AsyncVoid, handler!.Syntax.GetLocation()));
            },
            OperationKind.Invocation);
        start.RegisterSymbolAction(
            context =>
            {
                var method = (IMethodSymbol)context.Symbol;
                if (IsAsyncVoid(method) && library.IsHandler(method)) context.ReportDiagnostic(Diagnostic.Create(Rules.AsyncVoid, method.Locations[0]));
            },
            SymbolKind.Method);
    }

    private static bool IsAsyncVoid(IMethodSymbol? method) => method is { IsAsync: true, ReturnsVoid: true };
}
