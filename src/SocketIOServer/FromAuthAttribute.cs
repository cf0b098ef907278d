namespace SocketIOServer;

/// <summary>
/// Fills a handler's parameter with what the client sent as <c>auth</c>, as JSON of the parameter's type; for clients 1.x and 2.x
/// with the query of the namespace. Without it an optional or nullable parameter gets its default, and any other refuses the client.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromAuthAttribute : Attribute;
