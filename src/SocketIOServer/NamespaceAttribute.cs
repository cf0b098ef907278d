namespace SocketIOServer;

/// <summary>The namespace that a <see cref="SocketController"/> class handles, where Of is given no other.</summary>
/// <param name="path">As "/chat".</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NamespaceAttribute(string path) : Attribute
{
    /// <summary>The namespace.</summary>
    public string Path => path;
}
