using SocketIOServer.Adapters;
using SocketIOServer.Events;

namespace SocketIOServer.Broadcasts;

/// <inheritdoc cref="IUserBroadcast"/>
internal sealed class UserBroadcast : BroadcastOperator, IUserBroadcast
{
    private readonly string _userId;

    public UserBroadcast(NamespaceContext @namespace, string userId)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        (Context, _userId) = (@namespace, userId);
    }

    public override NamespaceContext Context { get; }

    // A server has inboxes, or it has no ToUser.
    public IEmitter Durable => Context.Inboxes is { } inboxes
        ? new DurableEmitter(Context, inboxes.OfUser(_userId), NamespaceInboxes.RoomOf(_userId), inboxes.Options.MaxAge)
        : throw new InvalidOperationException($"An emitter keeps durable events in the {nameof(IInboxStore)} that its servers share, and none is among its services. Add it as on the servers, such as by AddRedisInbox.");

    protected override Target Target => Target.Everyone.To(NamespaceInboxes.RoomOf(_userId));
}
