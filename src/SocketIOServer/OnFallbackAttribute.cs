namespace SocketIOServer;

/// <summary>
/// Makes a public method of a <see cref="SocketController"/> the handler of the events that have no other handler. As with
/// <see cref="SocketNamespaceBuilder.OnFallback"/>, its first parameter of type string is the name of the event.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnFallbackAttribute : Attribute;
