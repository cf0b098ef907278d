using SocketIOServer.Adapters;
using SocketIOServer.Broadcasts;
using SocketIOServer.Events;

namespace SocketIOServer.Namespaces;

/// <summary>The server as the program gets it: the default namespace, and the way to the others.</summary>
internal sealed class PublicServer(Namespace root, Func<string, ISocketNamespace> find) : BroadcastOperator, ISocketServer
{
    public ISocketCluster Cluster => root.Cluster;

    public string Name => root.Name;

    public override NamespaceContext Context => root.Context;

    protected override Target Target => Target.Everyone;

    public ISocketNamespace Of(string name) => find(name);

    public ISocket? FindSocket(string id) => root.FindSocket(id);

    public IUserBroadcast ToUser(string userId) => root.ToUser(userId);

    public ValueTask CloseRoomAsync(string room) => root.CloseRoomAsync(room);

    public Task<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel = default) => root.RoomsAsync(cancel);
}
