namespace SocketIOServer;

/// <summary>The namespace that a <see cref="SocketController"/> class handles, unless Of is called with another one.</summary>
/// <param name="path">The name, such as "/chat".</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NamespaceAttribute(string path) : Attribute
{
    /// <summary>The namespace.</summary>
    public string Path => path;
}
