using SocketIOServer.Adapters;
using SocketIOServer.Broadcasts;
using SocketIOServer.Events;

namespace SocketIOServer.Emitter;

/// <summary>Everyone in a namespace, as an emitter reaches them.</summary>
internal sealed class EmitterNamespace : BroadcastOperator, ISocketNamespace
{
    public EmitterNamespace(ServerContext server, string name) => Context = new(server, name, name, new([]), this);

    public string Name => Context.Name;

    public override NamespaceContext Context { get; }

    public EmitterAdapter Adapter => (EmitterAdapter)Context.Adapter;

    protected override Target Target => Target.Everyone;

    public ISocket? FindSocket(string id) => null;

    public IUserBroadcast ToUser(string userId) => new UserBroadcast(Context, userId);

    public ValueTask CloseRoomAsync(string room) => To(room).LeaveAsync(room);

    public Task<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel = default) => Context.Adapter.RoomsAsync(cancel).AsTask();
}
