using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>
/// Finds calls that block the thread of a handler. It examines only the handler's own code. It does not examine the methods that the handler calls, or the lambdas
/// in it, because their receiver can run them on another thread.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlockingAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Blocking, Rules.BlockingInMethod];

    private protected override void Start(CompilationStartAnalysisContext start, Library library)
    {
        var handlers = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
        var inMethods = new ConcurrentBag<(IMethodSymbol Method, BlockingCall Call)>();
        start.RegisterOperationAction(
            context =>
            {
                if (library.HandlerIn((IInvocationOperation)context.Operation) is IMethodReferenceOperation reference) handlers.TryAdd(reference.Method.OriginalDefinition, true);
            },
            OperationKind.Invocation);
        start.RegisterOperationAction(
            context =>
            {
                if (BlockingCall.Of(context.Operation) is not { } call) return;
                if (IsHandler(call.Function, context.ContainingSymbol, library)) context.ReportDiagnostic(call.Report(Rules.Blocking));
                else if (MethodOf(call.Function, context.ContainingSymbol) is { } method) inMethods.Add((method, call));
            },
            OperationKind.Invocation,
            OperationKind.PropertyReference);
        start.RegisterCompilationEndAction(context =>
        {
            foreach (var (method, call) in inMethods)
            {
                if (handlers.ContainsKey(method)) context.ReportDiagnostic(call.Report(Rules.BlockingInMethod));
            }
        });
    }

    private static bool IsHandler(IOperation? function, ISymbol owner, Library library)
    {
        if (function is null) return owner is IMethodSymbol method && library.IsHandler(method);
        var parent = function.Parent;
        while (parent is IDelegateCreationOperation or IConversionOperation or IArgumentOperation) parent = parent.Parent;
        return parent is IInvocationOperation call && library.HandlerIn(call) == function;
    }

    private static IMethodSymbol? MethodOf(IOperation? function, ISymbol owner) => function switch
    {
        null => owner as IMethodSymbol,
        ILocalFunctionOperation local => local.Symbol,
        _ => null,
    };
}
