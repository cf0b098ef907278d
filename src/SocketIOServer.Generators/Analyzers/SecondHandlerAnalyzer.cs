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
                if (EventOf(call, library) is { } name && ChainBefore(call, library).Any(before => EventOf(before, library) == name))
                    context.ReportDiagnostic(Diagnostic.Create(Rules.SecondHandler, Library.NameIn(call)!.Syntax.GetLocation(), name));
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
                        if (!names.Add(Library.NameIn(on)))
                            context.ReportDiagnostic(Diagnostic.Create(Rules.SecondHandler, LocationOf(on, method), Library.NameIn(on)));
                    }
                }
            },
            SymbolKind.NamedType);
    }

    // The calls before this one on the same namespace: Of and OfAny return the builder of another one, every other method returns its own.
    private static IEnumerable<IInvocationOperation> ChainBefore(IInvocationOperation call, Library library)
    {
        while (call.Instance is IInvocationOperation before && library.IsOfBuilder(before.TargetMethod) && before.TargetMethod.Name is not ("Of" or "OfAny"))
            yield return call = before;
    }

    private static string? EventOf(IInvocationOperation call, Library library) =>
        call.TargetMethod.Name == "On" && library.IsOfBuilder(call.TargetMethod) ? Library.NameIn(call)?.ConstantValue.Value as string : null;
}
