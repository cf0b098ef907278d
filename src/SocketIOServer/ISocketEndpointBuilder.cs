using Microsoft.AspNetCore.Builder;

namespace SocketIOServer;

/// <summary>What MapSocketIO gives: the default namespace, the way to others, and the endpoint's conventions such as RequireCors.</summary>
public interface ISocketEndpointBuilder : ISocketNamespaceBuilder, IEndpointConventionBuilder
{
    /// <summary>Declares a namespace, or goes on declaring it.</summary>
    /// <param name="name">With or without its leading slash.</param>
    ISocketNamespaceBuilder Of(string name);
}
