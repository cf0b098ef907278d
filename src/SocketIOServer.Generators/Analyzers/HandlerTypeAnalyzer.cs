using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>Says beside the compiler's CS8917 what to write. Of syntax, since a call that does not compile has no operation.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandlerTypeAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.HandlerType];

    private protected override void Start(CompilationStartAnalysisContext start, Library library) =>
        start.RegisterSyntaxNodeAction(context => Check(context, library), SyntaxKind.Argument);

    private static void Check(SyntaxNodeAnalysisContext context, Library library)
    {
        var argument = (ArgumentSyntax)context.Node;
        if (argument is not { Expression: LambdaExpressionSyntax lambda, Parent.Parent: InvocationExpressionSyntax call }) return;
        if (NameOf(call.Expression) is not { } name || !name.StartsWith("On", StringComparison.Ordinal)) return;
        var found = context.SemanticModel.GetSymbolInfo(call, context.CancellationToken);
        if ((found.Symbol ?? found.CandidateSymbols.FirstOrDefault()) is not IMethodSymbol method || !library.TakesHandler(method)) return;
        if (WhatIsMissing(lambda, context.SemanticModel) is { } missing)
            context.ReportDiagnostic(Diagnostic.Create(Rules.HandlerType, lambda.GetLocation(), missing));
    }

    private static string? NameOf(ExpressionSyntax called) => called switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.Text,
        _ => null,
    };

    private static string? WhatIsMissing(LambdaExpressionSyntax lambda, SemanticModel model)
    {
        var untyped = lambda switch
        {
            SimpleLambdaExpressionSyntax simple => [simple.Parameter],
            ParenthesizedLambdaExpressionSyntax list => list.ParameterList.Parameters.Where(parameter => parameter.Type is null).ToArray(),
            _ => [],
        };
        if (untyped.Length > 0)
            return $"Write the type of {string.Join(" and ", untyped.Select(parameter => parameter.Identifier.Text))}, as in (string text, ISocket socket) => ...";
        return model.GetTypeInfo(lambda).Type is null ? "Write the return type in front of the parameters, as in void (ISocket socket) => ..." : null;
    }
}
