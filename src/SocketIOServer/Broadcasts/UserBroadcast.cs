using SocketIOServer.Adapters;
using SocketIOServer.Events;

namespace SocketIOServer.Broadcasts;

/// <inheritdoc cref="IUserBroadcast"/>
internal sealed class UserBroadcast : BroadcastOperator, IUserBroadcast
{
    private readonly string _userId;
    private readonly NamespaceInboxes _inboxes;

    public UserBroadcast(NamespaceContext @namespace, string userId)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        _inboxes = @namespace.Inboxes ?? throw new InvalidOperationException($"Set {nameof(SocketServerOptions)}.{nameof(SocketServerOptions.Inbox)} to use ToUser.");
        (Context, _userId) = (@namespace, userId);
    }

    public override NamespaceContext Context { get; }

    public IEmitter Durable => new DurableEmitter(Context, _inboxes.OfUser(_userId), NamespaceInboxes.RoomOf(_userId), _inboxes.Options.MaxAge);

    protected override Target Target => Target.Everyone.To(NamespaceInboxes.RoomOf(_userId));
}
