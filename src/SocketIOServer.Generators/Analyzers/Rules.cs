using Microsoft.CodeAnalysis;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>What the analyzers and the generator report. An error is code that does not compile or is refused when the program starts. docs/diagnostics.md shows each.</summary>
internal static class Rules
{
    private const string Category = "SocketIO";

    public static readonly DiagnosticDescriptor HandlerType = new(
        "SIO001", "The handler's delegate type cannot be inferred", "{0}", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A handler is passed as Delegate, so the compiler infers its type from the lambda alone. Write the types of all parameters, and the return type if the body does not determine it.");

    public static readonly DiagnosticDescriptor Blocking = new(
        "SIO002", "A handler blocks its thread", BlockingMessage, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, BlockingDescription);

    // The compiler may read a method's body before the On(...) that names it, so these are known only at the end.
    public static readonly DiagnosticDescriptor BlockingInMethod = new(
        "SIO002", "A handler blocks its thread", BlockingMessage, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, BlockingDescription,
        customTags: WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor ReservedName = new(
        "SIO003", "The event name is reserved", "The name \"{0}\" is reserved by the protocol: {1}", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The protocol and its clients reserve some names. Mapping a handler or emitting an event with such a name throws an ArgumentException.");

    public static readonly DiagnosticDescriptor AsyncVoid = new(
        "SIO004", "The handler is async void", "The server cannot wait for an async void handler or see it fail: return Task", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "An exception of an async void handler ends the process, and the socket's next event does not wait for the handler. Return Task or ValueTask.");

    public static readonly DiagnosticDescriptor WithoutEffect = new(
        "SIO005", "The attribute has no effect here", "[{0}] has no effect: {1} is not a SocketController, so derive it from SocketController or remove the attribute", Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "The server looks for handlers only in classes derived from SocketController that are declared by MapSocketIO().Of<T>().");

    public static readonly DiagnosticDescriptor HandlerMethod = new(
        "SIO006", "A method with [On] must be public and not generic", "{0} is {1}: a method with [On] must be public and not generic", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Of<T>() throws for the class when the program starts. Make the method public, and replace its type parameters with types.");

    public static readonly DiagnosticDescriptor SecondHandler = new(
        "SIO007", "The event has a handler already", "The event \"{0}\" has a handler already: do both in one handler", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "An event has one handler in a namespace, because that handler gives the ack. Mapping a second one throws when the program starts.");

    public static readonly DiagnosticDescriptor Hook = new(
        "SIO008", "The hook is not overridden", "{0} has the name of a hook, but not its parameters: write public override Task {1}", Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "The hooks of a SocketController are virtual methods. The server does not call a method of that name with other parameters, and refuses the class if the method is public.");

    public static readonly DiagnosticDescriptor Connection = new(
        "SIO009", "Clients send no event \"connection\"", "No client sends \"connection\" when it connects: {0}", Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "\"connection\" is an event that Node's server raises itself. Here OnConnected runs when a client has connected.");

    public static readonly DiagnosticDescriptor AnonymousObject = new(
        "SIO010", "An anonymous object cannot be sent without reflection", "An anonymous object cannot be written as JSON in a program that is compiled for AOT: send a record that a JsonSerializerContext names", Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "Without reflection, System.Text.Json writes only the types that a JsonSerializerContext in options.Json.TypeInfoResolver names, and an anonymous type has no name. Emitting one throws a NotSupportedException.");

    public static readonly DiagnosticDescriptor Relay = new(
        "SIO011", "A JsonElement cannot contain binary", RelayMessage, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, RelayDescription);

    // As with SIO002.
    public static readonly DiagnosticDescriptor RelayInMethod = new(
        "SIO011", "A JsonElement cannot contain binary", RelayMessage, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, RelayDescription,
        customTags: WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor ClientMember = new(
        "SIO012", "A member of a client interface cannot be emitted", "{0} cannot be emitted: {1}", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The methods of a client interface become events. A class is generated behind the interface only if each member is such a method.");

    public static readonly DiagnosticDescriptor ClientType = new(
        "SIO013", "The type of a client must be an interface that generated code can name", "{0} cannot describe a client: {1}", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "SocketController<TClient> and As<TClient>() take an interface. Its class is generated in another file, so the interface is internal or public.");

    public static readonly DiagnosticDescriptor HandlerParameter = new(
        "SIO014", "A client cannot send this parameter", "A client cannot send \"{0}\": {1}", Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "A parameter that the server does not fill is read from the client's JSON. A type that JSON cannot create is refused when the handler is mapped, unless it is a registered service.");

    public static readonly DiagnosticDescriptor UnnamedTime = new(
        "SIO015", "The argument or the timeout of a call is not named", "This {0} can be the argument of the event or the {1} of the call. Write {2}: or {1}: before it.", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "In CallAsync, the value after the name of the event is its argument. Name a TimeSpan, a CancellationToken or a default in this place, so that the code is unambiguous.");

    public static readonly DiagnosticDescriptor RetryKey = new(
        "SIO016", "The key of a repeated event is refused", "\"{0}\" cannot have [RetryKey]: {1}", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "[RetryKey] marks one string among the arguments of an event that clients send. Mapping another handler with it throws when the program starts.");

    private const string RelayMessage = "Binary is lost in \"{0}\", which is sent on: take {1}, which keeps it";

    private const string RelayDescription =
        "A JsonElement is text. If a client sends binary in its place, the event has invalid arguments, and OnAny gets base64 text. A JsonNode contains binary and is sent as binary again.";

    private const string BlockingMessage = "{0} blocks the thread of a handler: {1}";

    private const string BlockingDescription =
        "A handler that blocks its thread delays its own connection, and it keeps a thread of the thread pool. If many handlers block at once, other clients wait until the pool has more threads. Use await instead.";
}
