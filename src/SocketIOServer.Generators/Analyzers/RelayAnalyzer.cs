using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>Finds handlers that pass a JsonElement on: binary cannot travel through it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RelayAnalyzer : LibraryAnalyzer
{
    // What leaves the elements of a JsonElement[] as they are.
    private static readonly HashSet<string> Passing = ["Append", "Cast", "Concat", "OfType", "Prepend", "Reverse", "Skip", "Take", "ToArray", "ToList", "Where"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Relay, Rules.RelayInMethod];

    private protected override void Start(CompilationStartAnalysisContext start, Library library)
    {
        if (start.Compilation.GetTypeByMetadataName("System.Text.Json.JsonElement") is not { } element) return;
        var handlers = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
        var inMethods = new ConcurrentBag<(ISymbol Method, IParameterReferenceOperation Passed)>();
        start.RegisterOperationAction(
            context =>
            {
                var call = (IInvocationOperation)context.Operation;
                if (library.HandlerIn(call) is IMethodReferenceOperation reference) handlers.TryAdd(reference.Method.OriginalDefinition, true);
                if (!library.Emits(call.TargetMethod)) return;
                foreach (var passed in call.Arguments.SelectMany(argument => PassedIn(argument.Value, element)))
                {
                    if (IsHandler(passed, library)) context.ReportDiagnostic(Report(Rules.Relay, passed));
                    else inMethods.Add((passed.Parameter.ContainingSymbol, passed));
                }
            },
            OperationKind.Invocation);
        start.RegisterCompilationEndAction(context =>
        {
            foreach (var (method, passed) in inMethods)
            {
                if (handlers.ContainsKey(method)) context.ReportDiagnostic(Report(Rules.RelayInMethod, passed));
            }
        });
    }

    private static Diagnostic Report(DiagnosticDescriptor rule, IParameterReferenceOperation passed) =>
        Diagnostic.Create(rule, passed.Syntax.GetLocation(), passed.Parameter.Name, passed.Parameter.Type is IArrayTypeSymbol ? "JsonNode?[]" : "JsonNode");

    // A method of a namespace's class, or a lambda that is given to On. The call may stand in a lambda within it.
    private static bool IsHandler(IParameterReferenceOperation passed, Library library)
    {
        var owner = passed.Parameter.ContainingSymbol;
        if (owner is IMethodSymbol { MethodKind: MethodKind.Ordinary } method) return library.IsHandler(method);
        IOperation? function = passed;
        while (function is not null && !(function is IAnonymousFunctionOperation lambda && SymbolEqualityComparer.Default.Equals(lambda.Symbol, owner))) function = function.Parent;
        var call = function?.Parent;
        while (call is IDelegateCreationOperation or IConversionOperation or IArgumentOperation) call = call.Parent;
        return call is IInvocationOperation given && library.HandlerIn(given) == function;
    }

    // The parameters whose JSON is in the value as it came. What is read out of one, as text or as a type, is no longer that.
    private static IEnumerable<IParameterReferenceOperation> PassedIn(IOperation value, INamedTypeSymbol element)
    {
        switch (value)
        {
            case IParameterReferenceOperation parameter:
                return IsElement(parameter.Type, element) ? [parameter] : [];
            case IInvocationOperation { TargetMethod: { ContainingType.Name: "Enumerable", IsStatic: true } method } query:
                return Passing.Contains(method.Name) ? query.Arguments.SelectMany(argument => PassedIn(argument.Value, element)) : [];
            case IInvocationOperation or IPropertyReferenceOperation or IArrayElementReferenceOperation when !IsElement(value.Type, element):
            case IAnonymousFunctionOperation or IDelegateCreationOperation or IBinaryOperation:
                return [];
            default:
                return value.ChildOperations.SelectMany(part => PassedIn(part, element));
        }
    }

    private static bool IsElement(ITypeSymbol? type, INamedTypeSymbol element) => type switch
    {
        IArrayTypeSymbol array => IsElement(array.ElementType, element),
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable => IsElement(nullable.TypeArguments[0], element),
        _ => SymbolEqualityComparer.Default.Equals(type, element),
    };
}
