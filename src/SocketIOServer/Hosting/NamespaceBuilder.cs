using System.Diagnostics.CodeAnalysis;
using SocketIOServer.Events;
using SocketIOServer.Json;
using SocketIOServer.Namespaces;

namespace SocketIOServer.Hosting;

/// <summary>Declares the handlers of one namespace.</summary>
internal class NamespaceBuilder(Namespace @namespace) : ISocketNamespaceBuilder
{
    protected SocketServer Server => @namespace.Server;

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder On(string name, Delegate handler)
    {
        PacketEncoder.CheckName(name);
        @namespace.Handlers.AddEvent(Bind(name, handler, takesArguments: true));
        return this;
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder OnConnecting(Delegate handler)
    {
        @namespace.Handlers.AddConnecting(Bind(nameof(OnConnecting), handler));
        return this;
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder OnConnected(Delegate handler)
    {
        @namespace.Handlers.AddConnected(Bind(nameof(OnConnected), handler));
        return this;
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder OnDisconnecting(Delegate handler)
    {
        @namespace.Handlers.AddDisconnecting(Bind(nameof(OnDisconnecting), handler));
        return this;
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder OnDisconnected(Delegate handler)
    {
        @namespace.Handlers.AddDisconnected(Bind(nameof(OnDisconnected), handler));
        return this;
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    private Handler Bind(string name, Delegate handler, bool takesArguments = false) =>
        HandlerBinder.Bind(name, handler, takesArguments, Server.ServiceTypes);
}
