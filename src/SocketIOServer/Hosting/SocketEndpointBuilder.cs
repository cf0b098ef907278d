using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using SocketIOServer.Events;

namespace SocketIOServer.Hosting;

/// <summary>Declares the default namespace and passes conventions on to the endpoint.</summary>
internal sealed class SocketEndpointBuilder(SocketServer server, IEndpointConventionBuilder endpoint)
    : NamespaceBuilder(server.Root), ISocketEndpointBuilder
{
    public ISocketNamespaceBuilder Of(string name) => new NamespaceBuilder(Server.Declare(name));

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(string? name = null)
        where T : SocketNamespace
    {
        var path = name ?? ClassBinder.PathOf(typeof(T)) ?? throw new ArgumentException($"{typeof(T).Name}: give it [Namespace(\"/name\")], or Of the name.");
        var @namespace = Server.Declare(path);
        ClassBinder.Bind<T>(@namespace.Handlers, Server.Binder);
        @namespace.Admission = Admission.Create(ClassBinder.AuthorizeOf(typeof(T)), Server.ServiceTypes) ?? @namespace.Admission;
        return new NamespaceBuilder(@namespace);
    }

    public void Add(Action<EndpointBuilder> convention) => endpoint.Add(convention);

    public void Finally(Action<EndpointBuilder> finallyConvention) => endpoint.Finally(finallyConvention);
}
