using Microsoft.CodeAnalysis;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>What the analyzers say. An error is what does not compile or is refused when the program runs; docs/diagnostics.md shows each.</summary>
internal static class Rules
{
    private const string Category = "SocketIO";

    public static readonly DiagnosticDescriptor HandlerType = new(
        "SIO001", "The handler's delegate type cannot be inferred", "{0}", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Handlers are passed as Delegate, so the compiler takes their type from the lambda alone. Write the types of all its parameters, and its return type where the body does not tell it.");

    public static readonly DiagnosticDescriptor Blocking = new(
        "SIO002", "A handler blocks its thread", BlockingMessage, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, BlockingDescription);

    // A method's body may be read before the On(...) that names it, so these are known at the end only.
    public static readonly DiagnosticDescriptor BlockingInMethod = new(
        "SIO002", "A handler blocks its thread", BlockingMessage, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, BlockingDescription,
        customTags: WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor ReservedName = new(
        "SIO003", "The event name is reserved", "\"{0}\" is an event of the protocol itself: {1}", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The protocol and its clients keep some names for themselves. Handlers and emits with such a name throw an ArgumentException.");

    public static readonly DiagnosticDescriptor AsyncVoid = new(
        "SIO004", "The handler is async void", "Nobody could wait for an async void handler or see it fail: let it return Task", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "What an async void handler throws would end the process, and its socket's next event would not wait for it. Return Task or ValueTask.");

    public static readonly DiagnosticDescriptor WithoutEffect = new(
        "SIO005", "The attribute has no effect here", "[{0}] has no effect: {1} is not a SocketController, so derive it from SocketController or remove the attribute", Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "Only classes derived from SocketController are read for handlers, when MapSocketIO().Of<T>() declares them.");

    public static readonly DiagnosticDescriptor HandlerMethod = new(
        "SIO006", "A method with [On] is public and not generic", "{0} is {1}: a method with [On] is public and not generic", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Of<T>() refuses the class when the program starts. Make the method public, and name its types.");

    public static readonly DiagnosticDescriptor SecondHandler = new(
        "SIO007", "The event has a handler already", "The event \"{0}\" has a handler already: let one handler do both", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "An event has one handler in a namespace, since that handler gives the ack. The second one is refused when the program starts.");

    public static readonly DiagnosticDescriptor Hook = new(
        "SIO008", "The hook is not overridden", "{0} has the name of a hook but not its parameters: write public override Task {1}", Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "The hooks of a SocketController are virtual methods. A method of that name with other parameters is none: the server does not call it, and refuses the class if it is public.");

    public static readonly DiagnosticDescriptor Connection = new(
        "SIO009", "Clients send no event \"connection\"", "No client sends \"connection\" when it connects: {0}", Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "\"connection\" is an event that Node's server raises on itself. Here OnConnected runs when a client is in.");

    public static readonly DiagnosticDescriptor AnonymousObject = new(
        "SIO010", "An anonymous object cannot be sent without reflection", "An anonymous object cannot be written as JSON where the program is compiled for AOT: send a record that a JsonSerializerContext names", Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "Where reflection is off, System.Text.Json writes only types that a JsonSerializerContext in options.Json.TypeInfoResolver names, and an anonymous type has no name. Emitting it throws a NotSupportedException.");

    public static readonly DiagnosticDescriptor Relay = new(
        "SIO011", "Binary cannot travel through a JsonElement", RelayMessage, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, RelayDescription);

    // As with SIO002.
    public static readonly DiagnosticDescriptor RelayInMethod = new(
        "SIO011", "Binary cannot travel through a JsonElement", RelayMessage, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, RelayDescription,
        customTags: WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor UnnamedTime = new(
        "SIO012", "The argument or the timeout of a call is not named", "This {0} may be meant as the argument of the event or as the {1} of the call: write {2}: or {1}: in front of it", Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "What stands behind the name of the event in CallAsync is its argument. A TimeSpan, a CancellationToken or a default there is named, so that nobody takes one for the other.");

    private const string RelayMessage = "Binary cannot travel through \"{0}\", which is passed on: take {1}, which carries it";

    private const string RelayDescription =
        "A JsonElement is text. Where a client sends binary in its place, the event is refused as invalid arguments, and OnAny gets base64 text. A JsonNode carries binary, and it leaves as binary again.";

    private const string BlockingMessage = "{0} blocks the thread of a handler: {1}";

    private const string BlockingDescription =
        "A handler runs on the loop that reads its client's packets, so a thread that waits is a thread less for all clients. Await instead.";
}
