using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>
/// Finds parameters of handlers that a client cannot send, whatever the program registers as services. The server refuses others, such as interfaces that
/// are not registered, when the handler is mapped.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandlerParameterAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.HandlerParameter];

    private protected override void Start(CompilationStartAnalysisContext start, Library library)
    {
        start.RegisterOperationAction(
            context =>
            {
                var (method, place) = library.HandlerIn((IInvocationOperation)context.Operation) switch
                {
                    IAnonymousFunctionOperation lambda => (lambda.Symbol, null),
                    // The method may be declared elsewhere, and be used elsewhere too.
                    IMethodReferenceOperation reference => (reference.Method, reference.Syntax.GetLocation()),
                    _ => ((IMethodSymbol?)null, (Location?)null),
                };
                foreach (var parameter in method?.Parameters ?? []) Check(parameter, place ?? parameter.Locations[0], context.ReportDiagnostic);
            },
            OperationKind.Invocation);
        start.RegisterSymbolAction(
            context =>
            {
                var method = (IMethodSymbol)context.Symbol;
                if (!library.IsHandler(method)) return;
                foreach (var parameter in method.Parameters) Check(parameter, parameter.Locations[0], context.ReportDiagnostic);
            },
            SymbolKind.Method);
    }

    private static void Check(IParameterSymbol parameter, Location place, Action<Diagnostic> report)
    {
        // From a service, and the server checks that it is registered.
        if (parameter.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "FromServicesAttribute" or "FromKeyedServicesAttribute")) return;
        if (AdviceFor(parameter) is { } advice) report(Diagnostic.Create(Rules.HandlerParameter, place, parameter.Name, advice));
    }

    // As Events/ClientTypes says it at run time.
    private static string? AdviceFor(IParameterSymbol parameter)
    {
        var type = parameter.Type;
        if (parameter.RefKind != RefKind.None) return "take it by value, not by reference";
        if (type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer) return "a pointer cannot be sent";
        if (type.IsRefLikeType) return "take byte[] or ReadOnlyMemory<byte>, since a span exists only on the stack";
        if (type.TypeKind == TypeKind.Delegate || IsIn(type, "System", "Delegate", "MulticastDelegate")) return "return a value from the handler, and the client's callback gets it as the ack";
        if (IsIn(type, "Microsoft.AspNetCore.Http", "HttpContext", "HttpRequest", "HttpResponse"))
            return "take Handshake, which has the headers, query and address of the request, or ClaimsPrincipal";
        if (type.TypeKind == TypeKind.Interface && type is INamedTypeSymbol { IsGenericType: false } && IsIn(type, "Microsoft.Extensions.Logging", "ILogger"))
            return "take ILogger<T>, such as ILogger<Program>";
        if (IsIn(type, "System.Threading.Tasks", "Task", "ValueTask")) return "take the value, without a task";
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (IsIn(parent, "System.IO", "Stream")) return "take Stream or byte[] for binary";
        }

        return null;
    }

    private static bool IsIn(ITypeSymbol type, string @namespace, params string[] names) =>
        Array.IndexOf(names, type.Name) >= 0 && type.ContainingNamespace?.ToDisplayString() == @namespace;
}
