using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SocketIOServer.Generators;

/// <summary>
/// Writes the class behind an interface that describes what clients listen to, for each <c>SocketController&lt;IClient&gt;</c> and each
/// <c>As&lt;IClient&gt;()</c>: its methods emit. At compile time, so that nothing has to be emitted where a program is trimmed or AOT.
/// </summary>
[Generator]
public sealed class ClientProxyGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var fromClasses = context.SyntaxProvider.CreateSyntaxProvider(
            static (node, _) => node is ClassDeclarationSyntax { BaseList: not null },
            static (found, cancel) => found.SemanticModel.GetDeclaredSymbol(found.Node, cancel) is INamedTypeSymbol type
                ? ClientOf(type, ((ClassDeclarationSyntax)found.Node).BaseList!.Types[0].GetLocation())
                : null);
        var fromCalls = context.SyntaxProvider.CreateSyntaxProvider(
            static (node, _) => node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: GenericNameSyntax { Identifier.Text: "As" } } },
            static (found, cancel) => found.SemanticModel.GetSymbolInfo(found.Node, cancel).Symbol is IMethodSymbol method
                ? ClientOf(method, ((MemberAccessExpressionSyntax)((InvocationExpressionSyntax)found.Node).Expression).Name.GetLocation())
                : null);

        // Of texts and places, which are equal where nothing has changed.
        var all = fromClasses.Collect().Combine(fromCalls.Collect());
        context.RegisterSourceOutput(all, static (output, both) =>
        {
            var proxies = both.Left.Concat(both.Right).OfType<ClientProxy>().Distinct().ToArray();
            foreach (var fault in proxies.SelectMany(proxy => proxy.Faults).Distinct()) output.ReportDiagnostic(fault.Report());
            foreach (var proxy in proxies.Where(proxy => proxy.Faults.Count == 0)) output.AddSource(proxy.FileName, proxy.Source);
        });
    }

    private static ClientProxy? ClientOf(INamedTypeSymbol type, Location use) =>
        type.BaseType is { Name: "SocketController", TypeArguments.Length: 1 } parent && parent.ContainingNamespace.Name == "SocketIOServer"
            ? ClientProxy.Of(parent.TypeArguments[0], use)
            : null;

    private static ClientProxy? ClientOf(IMethodSymbol method, Location use) =>
        method is { TypeArguments.Length: 1, ContainingType.Name: "EmitterExtensions" } && method.ContainingNamespace.Name == "SocketIOServer"
            ? ClientProxy.Of(method.TypeArguments[0], use)
            : null;
}
