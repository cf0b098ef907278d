using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SocketIOServer.Json;

namespace SocketIOServer.Generators;

/// <summary>One method of a client interface: emits, or with a result waits for the client's ack.</summary>
internal static class ClientMethod
{
    private static readonly SymbolDisplayFormat Full = SymbolDisplayFormat.FullyQualifiedFormat
        .WithMiscellaneousOptions(SymbolDisplayFormat.FullyQualifiedFormat.MiscellaneousOptions | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <param name="member">A member of the interface.</param>
    /// <param name="source">The member of the class behind it.</param>
    /// <returns>Why there is none; null: there is one.</returns>
    public static string? TryWrite(ISymbol member, out string source)
    {
        source = "";
        var owner = member.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        if (member is not IMethodSymbol { IsGenericMethod: false, IsStatic: false } method || method.Parameters.Any(parameter => parameter.RefKind != RefKind.None))
            return "a client interface has only methods, and these are not static, not generic and have no ref, in or out parameters";
        var result = method.ReturnType as INamedTypeSymbol;
        var kind = result?.ConstructedFrom.ToDisplayString();
        var cancel = method.Parameters.LastOrDefault(parameter => parameter.Type.ToDisplayString() == "System.Threading.CancellationToken");
        var arguments = method.Parameters.Where(parameter => !SymbolEqualityComparer.Default.Equals(parameter, cancel)).Select(parameter => "@" + parameter.Name).ToArray();
        if (ReservedNames.Contains(EventOf(method))) return $"\"{EventOf(method)}\" is an event of the protocol, so give the method another name or an [On]";
        var name = SymbolDisplay.FormatLiteral(EventOf(method), quote: true);
        var emit = arguments.Length <= 3
            ? $"to.EmitAsync({string.Join(", ", arguments.Prepend(name))})"
            : $"to.EmitArgsAsync({name}, [{string.Join(", ", arguments)}])";
        var body = kind switch
        {
            "System.Threading.Tasks.ValueTask" => emit,
            "System.Threading.Tasks.Task" => emit + ".AsTask()",
            "System.Threading.Tasks.Task<TResult>" =>
                $"global::SocketIOServer.ClientProxies.CallAsync<{result!.TypeArguments[0].ToDisplayString(Full)}>(to, {name}, [{string.Join(", ", arguments)}], {(cancel is null ? "default" : "@" + cancel.Name)})",
            _ => null,
        };
        if (body is null) return "return ValueTask or Task to emit the event, or Task<T> to wait for the client's answer";
        var parameters = string.Join(", ", method.Parameters.Select(parameter => $"{parameter.Type.ToDisplayString(Full)} @{parameter.Name}"));
        source = $"        {method.ReturnType.ToDisplayString(Full)} {owner}.{method.Name}({parameters}) => {body};";
        return null;
    }

    // As JavaScript writes names; [On] on the method says another.
    private static string EventOf(IMethodSymbol method)
    {
        var on = method.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass is { Name: "OnAttribute" } type && type.ContainingNamespace.Name == "SocketIOServer");
        if (on?.ConstructorArguments.FirstOrDefault().Value is string given) return given;
        var name = method.Name.EndsWith("Async", StringComparison.Ordinal) && method.Name.Length > 5 ? method.Name.Substring(0, method.Name.Length - 5) : method.Name;
        return char.ToLowerInvariant(name[0]) + name.Substring(1);
    }
}
