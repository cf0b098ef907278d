namespace SocketIOServer;

/// <summary>Fills a parameter of type string of a handler with the name of the event.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EventNameAttribute : Attribute;
