namespace SocketIOServer;

/// <summary>Fills a handler's parameter of type string with the name of the event.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EventNameAttribute : Attribute;
