using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>Finds keys of repeated events that the server refuses when the handler is mapped.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RetryKeyAnalyzer : LibraryAnalyzer
{
    private static readonly HashSet<string> NoEvents = ["OnConnecting", "OnConnected", "OnDisconnecting", "OnDisconnected", "OnAny", "OnCluster"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.RetryKey];

    private protected override void Start(CompilationStartAnalysisContext start, Library library)
    {
        start.RegisterOperationAction(
            context =>
            {
                var call = (IInvocationOperation)context.Operation;
                var isEvent = !NoEvents.Contains(call.TargetMethod.Name);
                switch (library.HandlerIn(call))
                {
                    case IAnonymousFunctionOperation lambda:
                        Check(lambda.Symbol, null, isEvent, context.ReportDiagnostic);
                        break;
                    case IMethodReferenceOperation reference:
                        // The method may be declared elsewhere, and be used elsewhere too.
                        Check(reference.Method, reference.Syntax.GetLocation(), isEvent, context.ReportDiagnostic);
                        break;
                }
            },
            OperationKind.Invocation);
        start.RegisterSymbolAction(
            context =>
            {
                var method = (IMethodSymbol)context.Symbol;
                if (library.IsHandler(method)) Check(method, null, isEvent: true, context.ReportDiagnostic);
            },
            SymbolKind.Method);
    }

    // As Events/ParameterBinder refuses them.
    private static void Check(IMethodSymbol method, Location? place, bool isEvent, Action<Diagnostic> report)
    {
        var hasOne = false;
        foreach (var parameter in method.Parameters)
        {
            if (!Library.IsRetryKey(parameter)) continue;
            var advice = !isEvent ? "only an event that clients send is repeated"
                : parameter.Type.SpecialType != SpecialType.System_String ? "a key is a string"
                : hasOne ? "a handler has one key"
                : null;
            hasOne = true;
            if (advice is not null) report(Diagnostic.Create(Rules.RetryKey, place ?? parameter.Locations[0], parameter.Name, advice));
        }
    }
}
