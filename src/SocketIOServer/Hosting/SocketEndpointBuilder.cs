using Microsoft.AspNetCore.Builder;

namespace SocketIOServer.Hosting;

/// <summary>Declares the default namespace and passes conventions on to the endpoint.</summary>
internal sealed class SocketEndpointBuilder(SocketServer server, IEndpointConventionBuilder endpoint)
    : NamespaceBuilder(server.Root), ISocketEndpointBuilder
{
    public ISocketNamespaceBuilder Of(string name) => new NamespaceBuilder(Server.Declare(name));

    public void Add(Action<EndpointBuilder> convention) => endpoint.Add(convention);

    public void Finally(Action<EndpointBuilder> finallyConvention) => endpoint.Finally(finallyConvention);
}
