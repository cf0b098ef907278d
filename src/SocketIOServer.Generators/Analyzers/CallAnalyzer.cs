using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>Finds a time, a token or a default behind the event's name in CallAsync, where it may be meant as the argument or as the timeout.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.UnnamedTime];

    private protected override void Start(CompilationStartAnalysisContext start, Library library)
    {
        var time = start.Compilation.GetTypeByMetadataName("System.TimeSpan");
        var token = start.Compilation.GetTypeByMetadataName("System.Threading.CancellationToken");
        start.RegisterOperationAction(
            context =>
            {
                var call = (IInvocationOperation)context.Operation;
                if (!library.Calls(call.TargetMethod) || call.Arguments.FirstOrDefault(IsBehindTheName) is not { Syntax: ArgumentSyntax { NameColon: null } } argument) return;
                var type = TypeOf(argument.Value);
                if (argument.Syntax is ArgumentSyntax { Expression.RawKind: (int)SyntaxKind.DefaultLiteralExpression }) Report(context, argument, "default", "cancel");
                else if (SymbolEqualityComparer.Default.Equals(type, time)) Report(context, argument, "TimeSpan", "timeout");
                else if (SymbolEqualityComparer.Default.Equals(type, token) && argument.Parameter!.Name == "arg") Report(context, argument, "CancellationToken", "cancel");
            },
            OperationKind.Invocation);
    }

    // (socket, name, …) of the extension method.
    private static bool IsBehindTheName(IArgumentOperation argument) => argument is { Parameter.Ordinal: 2, ArgumentKind: ArgumentKind.Explicit };

    private static ITypeSymbol? TypeOf(IOperation value)
    {
        while (value is IConversionOperation { IsImplicit: true } conversion) value = conversion.Operand;
        return value.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : value.Type;
    }

    private static void Report(OperationAnalysisContext context, IArgumentOperation argument, string type, string other) =>
        context.ReportDiagnostic(Diagnostic.Create(Rules.UnnamedTime, argument.Syntax.GetLocation(), type, other, "arg"));
}
