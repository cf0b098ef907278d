namespace SocketIOServer;

/// <summary>
/// Fills a parameter of a handler with the <c>auth</c> object of the client, read as JSON of the parameter's type. For clients 1.x and 2.x it is the query of
/// the namespace. If the client sent none, an optional or nullable parameter gets its default; otherwise OnConnecting refuses the client, and another
/// handler gets invalid arguments.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromAuthAttribute : Attribute;
