using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using SocketIOServer.Events;

namespace SocketIOServer.Hosting;

/// <summary>Declares the default namespace and passes conventions on to the endpoint.</summary>
internal sealed class SocketEndpointBuilder(SocketServer server, IEndpointConventionBuilder endpoint)
    : NamespaceBuilder(server, server.Root.Handlers), ISocketEndpointBuilder
{
    public ISocketNamespaceBuilder Of(string name) => new NamespaceBuilder(Server, Server.Declare(name).Handlers);

    public ISocketNamespaceBuilder OfAny(Func<string, bool> admits)
    {
        ArgumentNullException.ThrowIfNull(admits);
        return new NamespaceBuilder(Server, Server.Dynamic.Declare(admits));
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(string? name = null)
        where T : SocketController
    {
        var path = name ?? ClassBinder.PathOf(typeof(T)) ?? throw new ArgumentException($"{typeof(T).Name}: give it [Namespace(\"/name\")], or Of the name.");
        var handlers = Server.Declare(path).Handlers;
        ClassBinder.Bind<T>(handlers, Server.Binder);
        handlers.Admission = Admission.Create(ClassBinder.AuthorizeOf(typeof(T)), Server.ServiceTypes) ?? handlers.Admission;
        return new NamespaceBuilder(Server, handlers);
    }

    public void Add(Action<EndpointBuilder> convention) => endpoint.Add(convention);

    public void Finally(Action<EndpointBuilder> finallyConvention) => endpoint.Finally(finallyConvention);
}
