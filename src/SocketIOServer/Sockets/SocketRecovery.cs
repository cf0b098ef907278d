using SocketIOServer.Adapters;
using SocketIOServer.EngineIO;
using SocketIOServer.Recovery;

namespace SocketIOServer.Sockets;

/// <summary>The way of one socket into a namespace whose clients can get their sessions back.</summary>
/// <param name="socket">The socket.</param>
/// <param name="recovery">Of its namespace.</param>
/// <param name="request">The session that its client wants back; null if it begins a new one.</param>
/// <param name="isForClient">Whether the client can use it. Clients 1.x and 2.x cannot.</param>
internal sealed class SocketRecovery(Socket socket, NamespaceRecovery recovery, RecoveryRequest? request, bool isForClient)
{
    private SavedSession? _session;

    public bool HasSession => _session is not null;

    /// <summary>The program lets the client in. If the client can have its session back, the socket becomes the one of that session.</summary>
    public void TakeSession()
    {
        if (request is null || socket.HasLeft) return;
        if (recovery.TryTake(request, socket.UserId, out var failure) is not { } session)
        {
            Refuse(failure!);
            return;
        }

        _session = session;
        socket.Become(session.SocketId, session.Data);
        socket.Context.Adapter.Join(socket, [.. session.Rooms]);
    }

    /// <summary>Lets the socket in, and sends the connect packet and what the client has missed. Returns false if the socket has left already.</summary>
    public bool Enter(Client client)
    {
        while (true)
        {
            var sends = QueuedSends.Begin();
            try
            {
                if (TryEnter(client, sends) is { } isIn) return isIn;
            }
            finally
            {
                // What was missed is for one client, but no other thread waits for this one.
                sends.End(isForMany: false);
            }

            // OnConnecting took so long that an event was dropped meanwhile.
            ForgetSession();
        }
    }

    /// <summary>The program does not let the client in, or the client has gone. In the second case it may ask again.</summary>
    public void OnNotAdmitted(bool isRefused)
    {
        if (_session is not { } session) return;
        if (isRefused) recovery.Discard(session);
        else recovery.PutBack(session);
    }

    // Null: the session cannot be recovered any more.
    private bool? TryEnter(Client client, QueuedSends sends)
    {
        lock (recovery.Log.Gate)
        {
            List<OutgoingMessage> missed = [];
            if (isForClient && !recovery.TryBegin(socket, _session, request, out missed)) return null;
            socket.Context.Adapter.Add(socket);
            if (!client.Admit(socket, recovery.Log, missed, sends))
            {
                recovery.CancelBegin(socket, _session);
                return false;
            }

            if (_session is not null) socket.Context.Server.Metrics.OnRecovery("recovered", missed.Count);
            return true;
        }
    }

    private void ForgetSession()
    {
        Refuse(RecoveryFailure.Trimmed);
        recovery.Discard(_session!);
        socket.Context.Adapter.Leave(socket, [.. _session!.Rooms]);
        _session = null;
        socket.Become(SessionIds.CreateRandom(), null);
    }

    private void Refuse(string failure)
    {
        socket.Context.Server.Metrics.OnRecovery(failure, 0);
        RecoveryLines.LogNotRecovered(socket.Context.Server.Logger, socket.Context.LogName, failure);
    }
}
