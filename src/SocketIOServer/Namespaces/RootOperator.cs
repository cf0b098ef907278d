using SocketIOServer.Adapters;

namespace SocketIOServer.Namespaces;

/// <summary>The server as a program sees it: the default namespace, and the way to the others.</summary>
internal sealed class RootOperator(SocketServer server) : BroadcastOperator, ISocketServer
{
    public string Name => server.Root.Name;

    protected override Namespace Owner => server.Root;

    protected override Target Target => Target.Everyone;

    public ISocketNamespace Of(string name) => server.Of(name);

    public ValueTask CloseRoomAsync(string room) => server.Root.CloseRoomAsync(room);

    public Task<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel = default) => server.Root.RoomsAsync(cancel);
}
