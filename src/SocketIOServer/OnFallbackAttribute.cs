namespace SocketIOServer;

/// <summary>
/// Makes a public method of a <see cref="SocketController"/> the handler of the events that no other handler takes. As in
/// <see cref="SocketNamespaceBuilder.OnFallback"/>, its first parameter of type string is the event's name.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnFallbackAttribute : Attribute;
