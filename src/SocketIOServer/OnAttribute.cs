namespace SocketIOServer;

/// <summary>Makes a public method of a <see cref="SocketController"/> the handler of an event. A method may have several of these attributes.</summary>
/// <param name="name">The name of the event, case-sensitive.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnAttribute(string name) : Attribute
{
    /// <summary>The event.</summary>
    public string Name => name;
}
