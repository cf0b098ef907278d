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
            static (found, cancel) => found.SemanticModel.GetDeclaredSymbol(found.Node, cancel) is INamedTypeSymbol type ? ClientOf(type) : null);
        var fromCalls = context.SyntaxProvider.CreateSyntaxProvider(
            static (node, _) => node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: GenericNameSyntax { Identifier.Text: "As" } } },
            static (found, cancel) => found.SemanticModel.GetSymbolInfo(found.Node, cancel).Symbol is IMethodSymbol method ? ClientOf(method) : null);

        // Of the source texts, which are equal where nothing has changed.
        var all = fromClasses.Collect().Combine(fromCalls.Collect());
        context.RegisterSourceOutput(all, static (output, both) =>
        {
            foreach (var proxy in both.Left.Concat(both.Right).OfType<ClientProxy>().Distinct()) output.AddSource(proxy.FileName, proxy.Source);
        });
    }

    private static ClientProxy? ClientOf(INamedTypeSymbol type) =>
        type.BaseType is { Name: "SocketController", TypeArguments.Length: 1 } parent && parent.ContainingNamespace.Name == "SocketIOServer"
            ? ClientProxy.Of(parent.TypeArguments[0])
            : null;

    private static ClientProxy? ClientOf(IMethodSymbol method) =>
        method is { TypeArguments.Length: 1, ContainingType.Name: "EmitterExtensions" } && method.ContainingNamespace.Name == "SocketIOServer"
            ? ClientProxy.Of(method.TypeArguments[0])
            : null;
}
