using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>Finds what the server would not read in a class of handlers, or refuse to.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandlerClassAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.WithoutEffect, Rules.HandlerMethod, Rules.Hook];

    private protected override void Start(CompilationStartAnalysisContext start, Library library)
    {
        start.RegisterSymbolAction(context => CheckType(context, library), SymbolKind.NamedType);
        start.RegisterSymbolAction(context => CheckMethod(context, library), SymbolKind.Method);
    }

    private static void CheckType(SymbolAnalysisContext context, Library library)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (library.NamespaceOf(type) is { } attribute && !library.IsNamespace(type)) ReportWithoutEffect(context, attribute, "Namespace", type);
    }

    private static void CheckMethod(SymbolAnalysisContext context, Library library)
    {
        var method = (IMethodSymbol)context.Symbol;
        // On an interface's method it names the event that the method of a typed client emits.
        if (method.ContainingType is not { TypeKind: not TypeKind.Interface } type) return;
        var isNamespace = library.IsNamespace(type);
        foreach (var attribute in library.HandlerAttributesOf(method))
        {
            if (!isNamespace) ReportWithoutEffect(context, attribute, attribute.AttributeClass!.Name.Replace("Attribute", ""), type);
            else if (method.IsGenericMethod) Report(context, Rules.HandlerMethod, method, "generic");
            else if (method.DeclaredAccessibility != Accessibility.Public) Report(context, Rules.HandlerMethod, method, "not public");
        }

        if (isNamespace && !method.IsOverride && OverriddenBy(method) is { IsVirtual: true } hook)
            Report(context, Rules.Hook, method, $"{hook.Name}({hook.Parameters[0].Type.Name} {hook.Parameters[0].Name})");
    }

    // The hook of that name, if this is not it. With the hook's own parameters the compiler warns already.
    private static IMethodSymbol? OverriddenBy(IMethodSymbol method)
    {
        if (!Library.IsHookName(method.Name)) return null;
        for (var type = method.ContainingType.BaseType; type is not null; type = type.BaseType)
        {
            if (type.GetMembers(method.Name).OfType<IMethodSymbol>().FirstOrDefault() is not { IsVirtual: true } hook) continue;
            return method.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(method.Parameters[0].Type, hook.Parameters[0].Type) ? null : hook;
        }

        return null;
    }

    private static void Report(SymbolAnalysisContext context, DiagnosticDescriptor rule, IMethodSymbol method, string what) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, method.Locations[0], $"{method.ContainingType.Name}.{method.Name}", what));

    private static void ReportWithoutEffect(SymbolAnalysisContext context, AttributeData attribute, string name, INamedTypeSymbol type) =>
        context.ReportDiagnostic(Diagnostic.Create(Rules.WithoutEffect, LocationOf(attribute, context.Symbol), name, type.Name));
}
