using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;

namespace SocketIOServer;

/// <summary>What MapSocketIO gives: the default namespace, the way to others, and the endpoint's conventions such as RequireCors.</summary>
public interface ISocketEndpointBuilder : ISocketNamespaceBuilder, IEndpointConventionBuilder
{
    /// <summary>Declares a namespace, or goes on declaring it.</summary>
    /// <param name="name">With or without its leading slash.</param>
    ISocketNamespaceBuilder Of(string name);

    /// <summary>
    /// Declares namespaces that clients name: each name that is taken here and has no declaration of its own is a namespace as long as
    /// a socket is in it. All share these handlers; ISocket.Namespace tells which one it is, OnConnecting may refuse.
    /// </summary>
    /// <param name="admits">Says quickly whether it takes a name, as "/game-17". Any thread; asked for each socket that comes, and by ISocketServer.Of where nobody is in the namespace.</param>
    ISocketNamespaceBuilder OfAny(Func<string, bool> admits);

    /// <summary>Declares a namespace by a class. Several classes may share one, each event having one handler.</summary>
    /// <param name="name">The namespace; null: what [Namespace] on the class says.</param>
    /// <exception cref="ArgumentException">The class has no namespace, no handlers, or one that cannot work.</exception>
    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    ISocketNamespaceBuilder Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(string? name = null)
        where T : SocketController;
}
