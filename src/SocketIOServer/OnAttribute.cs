namespace SocketIOServer;

/// <summary>Makes a public method of a <see cref="SocketController"/> the handler of an event; several, of several events.</summary>
/// <param name="name">The event.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnAttribute(string name) : Attribute
{
    /// <summary>The event.</summary>
    public string Name => name;
}
