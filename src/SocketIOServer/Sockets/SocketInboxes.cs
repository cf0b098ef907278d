using SocketIOServer.Events;

namespace SocketIOServer.Sockets;

/// <summary>The inboxes whose messages one socket is sent: that of its user, and that of its session.</summary>
internal sealed class SocketInboxes(Socket socket, NamespaceInboxes inboxes)
{
    private readonly Lock _gate = new();
    private InboxDelivery? _ofUser;
    private InboxDelivery? _ofSession;

    /// <summary>Emits to the session, which its client can get back.</summary>
    public IEmitter Durable
    {
        get
        {
            if (socket.Context.Recovery is null)
                throw new InvalidOperationException($"Set {nameof(SocketServerOptions)}.{nameof(SocketServerOptions.Recovery)} to use Durable of a socket, or use ToUser.");
            StartSession();
            return new DurableEmitter(socket.Context, inboxes.OfSession(socket.Id), socket.Id, NamespaceContext.MaxAge(socket.Context.Server.Options), socket);
        }
    }

    /// <summary>The client is let in.</summary>
    public void Start()
    {
        if (socket.Recovered) StartSession();
        if (socket.UserId is not { Length: > 0 } user) return;
        lock (_gate) _ofUser ??= new(socket, inboxes, inboxes.OfUser(user));
        _ofUser.Start();
    }

    public void Stop()
    {
        _ofUser?.Stop();
        _ofSession?.Stop();
    }

    private void StartSession()
    {
        lock (_gate)
        {
            if (_ofSession is not null) return;
            _ofSession = new(socket, inboxes, inboxes.OfSession(socket.Id));
        }

        _ofSession.Start();
    }
}
