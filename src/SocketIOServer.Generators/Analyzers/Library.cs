using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>The library's types as a compilation sees them, and which code they make a handler.</summary>
internal sealed class Library
{
    private static readonly HashSet<string> Hooks = ["OnConnectingAsync", "OnConnectedAsync", "OnDisconnectedAsync"];

    private readonly INamedTypeSymbol _builder;
    private readonly INamedTypeSymbol _socket;
    private readonly INamedTypeSymbol _emitter;
    private readonly INamedTypeSymbol _broadcast;
    private readonly INamedTypeSymbol _calls;
    private readonly INamedTypeSymbol _class;
    private readonly INamedTypeSymbol _on;
    private readonly INamedTypeSymbol _onFallback;
    private readonly INamedTypeSymbol _namespace;

    private Library(Func<string, INamedTypeSymbol> type)
    {
        _builder = type("SocketNamespaceBuilder");
        _socket = type("ISocket");
        _emitter = type("IEmitter");
        _broadcast = type("IBroadcast");
        _calls = type("CallExtensions");
        _class = type("SocketController");
        _on = type("OnAttribute");
        _onFallback = type("OnFallbackAttribute");
        _namespace = type("NamespaceAttribute");
    }

    /// <summary>Null: the compilation does not use the library.</summary>
    public static Library? In(Compilation compilation)
    {
        if (compilation.GetTypeByMetadataName("SocketIOServer.SocketNamespaceBuilder") is null) return null;
        return new(name => compilation.GetTypeByMetadataName("SocketIOServer." + name)!);
    }

    /// <summary>A method that declares what a namespace does, of the namespace's builder or of the endpoint's, which derives from it.</summary>
    public bool IsOfBuilder(IMethodSymbol method) => Is(method.ContainingType, _builder) || Is(method.ContainingType?.BaseType, _builder);

    /// <summary>On, Once, OnAny and the hooks, of a namespace or of one socket: they take any delegate.</summary>
    public bool TakesHandler(IMethodSymbol method) =>
        (IsOfBuilder(method) || Is(method.ContainingType, _socket)) && method.Parameters.LastOrDefault()?.Type is { Name: "Delegate" };

    /// <summary>EmitAsync, SendAsync, CallAsync and those with any number of arguments.</summary>
    public bool Emits(IMethodSymbol method) =>
        Calls(method) || method.Name is "EmitAsync" or "EmitArgsAsync" or "SendAsync" or "CallArgsAsync"
        && (Is(method.ContainingType, _emitter) || Is(method.ContainingType, _broadcast) || Is(method.ContainingType, _socket));

    /// <summary>CallAsync, with one argument or none.</summary>
    public bool Calls(IMethodSymbol method) => method.Name == "CallAsync" && Is(method.ContainingType, _calls);

    /// <summary>A class that Of&lt;T&gt;() can declare.</summary>
    public bool IsNamespace(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (Is(type, _class)) return true;
        }

        return false;
    }

    /// <summary>A method of a namespace's class that the server calls.</summary>
    public bool IsHandler(IMethodSymbol method) =>
        IsNamespace(method.ContainingType) && (HandlerAttributesOf(method).Any() || method.IsOverride && IsHookName(method.Name));

    /// <summary>Its [On] and [OnFallback] attributes: what makes it a handler.</summary>
    public IEnumerable<AttributeData> HandlerAttributesOf(ISymbol method) =>
        method.GetAttributes().Where(attribute => Is(attribute.AttributeClass, _on) || Is(attribute.AttributeClass, _onFallback));

    public static bool IsHookName(string name) => Hooks.Contains(name);

    /// <summary>Its [On] attributes, each with the name of an event.</summary>
    public IEnumerable<AttributeData> OnOf(ISymbol method) => method.GetAttributes().Where(attribute => Is(attribute.AttributeClass, _on));

    /// <summary>The event of an [On].</summary>
    public static string? NameIn(AttributeData on) => on.ConstructorArguments.FirstOrDefault().Value as string;

    /// <summary>What a call gives as the name of an event.</summary>
    public static IOperation? NameIn(IInvocationOperation call) => call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "name")?.Value;

    /// <summary>Its [Namespace] attribute.</summary>
    public AttributeData? NamespaceOf(ISymbol type) => type.GetAttributes().FirstOrDefault(attribute => Is(attribute.AttributeClass, _namespace));

    /// <summary>What a call gives as the handler: a lambda or a method. Null: no such call, or a delegate that was made elsewhere.</summary>
    public IOperation? HandlerIn(IInvocationOperation call)
    {
        if (!TakesHandler(call.TargetMethod)) return null;
        var value = call.Arguments.FirstOrDefault(argument => argument.Parameter?.Type.Name == "Delegate")?.Value;
        while (value is IConversionOperation conversion) value = conversion.Operand;
        return (value as IDelegateCreationOperation)?.Target;
    }

    /// <summary>Has [RetryKey].</summary>
    public static bool IsRetryKey(IParameterSymbol parameter) =>
        parameter.GetAttributes().Any(attribute => attribute.AttributeClass is { Name: "RetryKeyAttribute", ContainingNamespace.Name: "SocketIOServer" });

    private static bool Is(INamedTypeSymbol? type, INamedTypeSymbol known) => SymbolEqualityComparer.Default.Equals(type, known);
}
