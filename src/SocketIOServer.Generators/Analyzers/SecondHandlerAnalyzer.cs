using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>Finds two handlers for one event where it is plain that both are of one namespace: in a class, and in a chain of calls.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SecondHandlerAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SecondHandler];

    private protected override void Start(CompilationStartAnalysisContext start, Library library)
    {
        start.RegisterOperationAction(
            context =>
            {
                var call = (IInvocationOperation)context.Operation;
                if (EventOf(call, library) is not { } name) return;
                // All that a namespace's builder has return it again.
                for (var before = call.Instance as IInvocationOperation; before is not null && library.IsOfBuilder(before.TargetMethod); before = before.Instance as IInvocationOperation)
                {
                    if (EventOf(before, library) != name) continue;
                    context.ReportDiagnostic(Diagnostic.Create(Rules.SecondHandler, call.Arguments[0].Syntax.GetLocation(), name));
                    return;
                }
            },
            OperationKind.Invocation);
        start.RegisterSymbolAction(
            context =>
            {
                var type = (INamedTypeSymbol)context.Symbol;
                if (!library.IsNamespace(type)) return;
                var names = new HashSet<string?>();
                foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
                {
                    foreach (var on in library.OnOf(method))
                    {
                        if (!names.Add(EventNameAnalyzer.NameOf(on)))
                            context.ReportDiagnostic(Diagnostic.Create(Rules.SecondHandler, LocationOf(on, method), EventNameAnalyzer.NameOf(on)));
                    }
                }
            },
            SymbolKind.NamedType);
    }

    private static string? EventOf(IInvocationOperation call, Library library) =>
        call.TargetMethod.Name == "On" && library.IsOfBuilder(call.TargetMethod)
            ? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "name")?.Value.ConstantValue.Value as string
            : null;
}
