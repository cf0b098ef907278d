using SocketIOServer.Adapters;
using SocketIOServer.EngineIO;
using SocketIOServer.Events;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Protocol.SocketIO;
using SocketIOServer.Recovery;

namespace SocketIOServer.Sockets;

/// <summary>The Socket.IO side of one session: decodes its packets, has one socket for each namespace, and closes the session if it stays in no namespace.</summary>
internal sealed class Client(ServerContext server, INamespaceDirectory namespaces, EngineSession session, SocketDialect dialect, PacketParser parser)
    : EventClient(server.Options.MaxQueuedEventBytes ?? 2L * server.Options.MaxPayload, dialect.JoinsRootOnOpen), IEngineClient
{
    // How often a client may leave a namespace before it is let in again. Real clients wait for the answer to their CONNECT first.
    private const int MaxCancelledJoins = 10;

    // The first refusal must not end the connection, even if a client may be in one namespace only: it would reconnect, ask again, and be closed again.
    private const int MinRefusals = 2;

    // The message for a client that is refused without a message of the program, in JSON.
    public static readonly byte[] Refused = "\"Connection refused\""u8.ToArray();

    private readonly PacketDecoder _decoder = parser.CreateDecoder(server.Limits);
    private readonly Lock _gate = new();
    private Socket[] _sockets = [];
    private List<Socket>? _leaving;
    private List<byte[]>? _takenOut;
    private ClientTimeout? _deadline;
    private ClientTimeout? _packetDeadline;
    private int _refusals;
    private int _cancelledJoins;
    private bool _isClosed;

    public EngineSession Session => session;

    /// <summary>Whether the client can get its sessions back, if the server keeps them.</summary>
    public bool CanRecover => !dialect.JoinsRootOnOpen;

    public void OnOpened()
    {
        if (dialect.JoinsRootOnOpen) Connect(new("/", "", []));
        else ExpectConnect();
    }

    public ValueTask OnMessageAsync(EnginePacket message)
    {
        // An attachment counts when it arrives: once the packet is complete, it cannot be held back.
        if (message.IsBinary && _decoder.WaitingBytes is > 0 and var kept && !Unhandled.HasRoom(kept + message.Data.Length))
            return HandleWhenThereIsRoomAsync(message, kept + message.Data.Length);
        return HandleAsync(message);
    }

    private ValueTask HandleAsync(EnginePacket message)
    {
        switch (_decoder.Add(message, out var packet))
        {
            case DecodeResult.Complete:
                if (message.IsBinary) ExpectPacket(isPending: false);
                return DispatchAsync(packet);
            case DecodeResult.Pending:
                // Checked at the head of the packet, before attachments are kept for a client that must not send it (CVE-2026-48804).
                if (Find(packet.Namespace.Span) is not { IsConnected: true } && !WasTakenOut(packet.Namespace.Span)) session.Close(ClientRefusals.NotJoined(packet.Namespace.Span));
                else if (!message.IsBinary) ExpectPacket(isPending: true);
                return default;
            default:
                session.Close(ClientRefusals.Packet(_decoder.Fault, server.Limits));
                return default;
        }
    }

    public void OnClosed(CloseReason reason)
    {
        Socket[] sockets;
        lock (_gate)
        {
            _isClosed = true;
            sockets = _sockets;
            _sockets = [];
            _deadline?.Dispose();
            _packetDeadline?.Dispose();
        }

        Unhandled.Close();
        foreach (var socket in sockets) socket.Leave(new(reason.Text));
    }

    /// <summary>Ends the connection: every socket leaves, and the client gets a disconnect packet for each.</summary>
    public void Disconnect()
    {
        var isHeld = false;
        foreach (var socket in Volatile.Read(ref _sockets))
        {
            Leave(socket, LeaveReason.ServerNamespaceDisconnect, tellClient: true);
            isHeld |= socket.TryCloseBehindHeld();
        }

        if (!isHeld) session.Close(CloseReason.ForcedClose);
    }

    /// <summary>Removes one socket. The connection stays open.</summary>
    public void Leave(Socket socket, LeaveReason reason, bool tellClient)
    {
        lock (_gate)
        {
            if (Array.IndexOf(_sockets, socket) < 0) return;
            _sockets = [.. _sockets.Where(other => other != socket)];
            (_leaving ??= []).RemoveAll(static other => other.Work.HasEnded);
            _leaving.Add(socket);
            // The client may have sent packets before it learned of this. They are not a breach of the protocol.
            if (tellClient) NoteTakenOut(socket.Utf8Namespace);
        }

        var before = socket.Leave(reason);
        if (tellClient && before == MemberState.Connecting) Reject(socket.Utf8Namespace, Refused, [], "connection_refused"u8);
        else if (tellClient && before == MemberState.Connected)
            socket.SendDisconnect(parser.Write(SocketPacketType.Disconnect, socket.Utf8Namespace, SocketPacket.NoId, []));
        if (Volatile.Read(ref _sockets).Length == 0) ExpectConnect();
    }

    /// <summary>The namespace lets a socket in. False: the socket has left already.</summary>
    public bool Admit(Socket socket)
    {
        if (!socket.TryConnect()) return false;
        OnAdmitted();
        socket.SendConnected(Connected(socket));
        return true;
    }

    /// <summary>The same for a namespace with a log or a history, whose gate the caller holds.</summary>
    public bool Admit(Socket socket, EventLog? log, List<OutgoingMessage> missed, QueuedSends sends)
    {
        if (!socket.TryConnect()) return false;
        OnAdmitted();
        socket.SendConnected(Connected(socket), log, missed, sends);
        return true;
    }

    /// <summary>The namespace refuses a socket. The message and the data are JSON; the code is sent where there is no data.</summary>
    public void Reject(Socket socket, ReadOnlySpan<byte> message, ReadOnlySpan<byte> data, ReadOnlySpan<byte> code)
    {
        lock (_gate) _sockets = [.. _sockets.Where(other => other != socket)];
        if (socket.Leave(LeaveReason.ServerNamespaceDisconnect) == MemberState.Connecting) Reject(socket.Utf8Namespace, message, data, code);
        if (Volatile.Read(ref _sockets).Length == 0 && _deadline is null) ExpectConnect();
    }

    private void OnAdmitted()
    {
        lock (_gate)
        {
            _deadline?.Dispose();
            _deadline = null;
            _cancelledJoins = 0;
        }
    }

    private OutgoingMessage Connected(Socket socket) => dialect.Connected(parser, socket.Utf8Namespace, socket.Id, socket.History?.RecoveryId);

    private ValueTask DispatchAsync(in SocketPacket packet)
    {
        if (packet.Type == SocketPacketType.Connect)
        {
            if (dialect.TryReadConnect(packet, out var request)) Connect(request);
            else session.Close(ClientRefusals.InvalidConnect);
            return default;
        }

        var socket = Find(packet.Namespace.Span);
        if (socket is not { IsConnected: true })
        {
            if (socket is { IsRejoin: true } && packet.Type == SocketPacketType.Disconnect) CancelJoin(socket);
            else if (!WasTakenOut(packet.Namespace.Span)) session.Close(ClientRefusals.NotJoined(packet.Namespace.Span));
            return default;
        }

        switch (packet.Type)
        {
            case SocketPacketType.Event:
                return Unhandled.HasRoom(packet.Size) ? socket.Lane.PostAsync(packet) : PostWhenThereIsRoomAsync(socket, packet);
            case SocketPacketType.Ack:
                // Not through the lane: a handler in the lane may wait for this ack.
                socket.CompleteAck(packet);
                return default;
            default:
                Leave(socket, LeaveReason.ClientNamespaceDisconnect, tellClient: false);
                return default;
        }
    }

    // The packet is borrowed from the message that is being handled, and stays valid until this task completes.
    private async ValueTask PostWhenThereIsRoomAsync(Socket socket, SocketPacket packet)
    {
        while (session.IsOpen && !Unhandled.HasRoom(packet.Size)) await Unhandled.WaitAsync(packet.Size);
        await socket.Lane.PostAsync(packet);
    }

    private async ValueTask HandleWhenThereIsRoomAsync(EnginePacket message, long bytes)
    {
        // The server does not read at the moment, so the client is not late.
        ExpectPacket(isPending: false);
        while (session.IsOpen && !Unhandled.HasRoom(bytes)) await Unhandled.WaitAsync(bytes);
        if (!session.IsOpen) return;
        ExpectPacket(isPending: true);
        await HandleAsync(message);
    }

    private void Connect(ConnectRequest request)
    {
        var @namespace = namespaces.Enter(request.Namespace);
        if (@namespace is null)
        {
            server.Metrics.OnRefused("invalid_namespace");
            session.OnRefused("invalid_namespace", ClientRefusals.NoNamespace(LogText.Of(request.Namespace)));
            Reject(Utf8Name(request.Namespace), "\"Invalid namespace\""u8, [], "invalid_namespace"u8);
            return;
        }

        var id = dialect.SocketId(request.Namespace, session.Id, SessionIds.CreateRandom);
        var auth = request.Auth;
        var recovery = CanRecover && @namespace.Context.Recovery is not null ? RecoveryRequest.Take(auth, out auth) : null;
        var socket = new Socket(this, @namespace, id, new(session.Request, request.Query, auth), recovery);
        bool isAllowed, isFull;
        CloseReason? broken;
        Task? going = null;
        lock (_gate)
        {
            _leaving?.RemoveAll(static other => other.Work.HasEnded);
            // A client has one socket in a namespace, connecting or connected. Real clients send no second CONNECT meanwhile, and each would run OnConnecting again.
            broken = Find(socket.Utf8Namespace) is not null ? ClientRefusals.SecondConnect(LogText.Of(request.Namespace))
                : (_leaving?.Count ?? 0) >= server.Options.MaxNamespaces ? ClientRefusals.TooManyLeaving(server.Options)
                : AuthBytes + request.Auth.Length > server.Options.MaxPayload ? ClientRefusals.TooMuchAuth(server.Options)
                : null;
            isFull = !_isClosed && broken is null && _sockets.Length >= server.Options.MaxNamespaces;
            isAllowed = !_isClosed && broken is null && !isFull;
            if (isAllowed)
            {
                going = _leaving?.FindLast(other => other.Context == @namespace.Context)?.Work.HooksEnded;
                socket.IsRejoin = going is not null;
                _sockets = [.. _sockets, socket];
            }

            _takenOut?.RemoveAll(name => name.AsSpan().SequenceEqual(@namespace.Context.Utf8Name));
        }

        if (!isAllowed) @namespace.OnLeft(wasConnected: false);
        if (isAllowed && going is null) @namespace.Admit(this, socket);
        else if (isAllowed) _ = AdmitBehindAsync(going!, @namespace, socket);
        else if (isFull)
        {
            // The connection stays open: a client that is closed reconnects with all its namespaces, and would be closed again.
            server.Metrics.OnRefused("too_many_namespaces");
            session.OnRefused("too_many_namespaces", ClientRefusals.TooManyNamespaces(LogText.Of(request.Namespace), server.Options));
            Reject(socket.Utf8Namespace, namespaces.TooManyNamespaces, [], "too_many_namespaces"u8);
        }
        else if (broken is not null && (!dialect.JoinsRootOnOpen || request.Namespace != "/")) session.Close(broken);
    }

    // A socket keeps its auth as long as it lives. With a limit for each namespace alone, a client could store a hundred times MaxPayload.
    private long AuthBytes => _sockets.Concat(_leaving ?? []).Sum(static socket => (long)socket.Handshake.AuthBytes);

    // Waits for the disconnect hooks of the previous socket. Otherwise a client that leaves and joins in a loop would pile them up.
    private async Task AdmitBehindAsync(Task going, INamespace @namespace, Socket socket)
    {
        try
        {
            await going.WaitAsync(server.Options.ConnectTimeout, server.Time);
        }
        catch (TimeoutException)
        {
            session.Close(CloseReason.ConnectTimeout);
        }
        catch (Exception e)
        {
            // The program's TimeProvider failed. Nobody awaits this task, and the client would wait forever.
            session.Fail(e);
        }

        if (socket.HasLeft) socket.EndConnecting();
        else @namespace.Admit(this, socket);
    }

    private void CancelJoin(Socket socket)
    {
        Leave(socket, LeaveReason.ClientNamespaceDisconnect, tellClient: false);
        if (Interlocked.Increment(ref _cancelledJoins) >= MaxCancelledJoins) session.Close(ClientRefusals.TooManyCancelledJoins(socket.Context.LogName, MaxCancelledJoins));
    }

    private void Reject(ReadOnlySpan<byte> name, ReadOnlySpan<byte> message, ReadOnlySpan<byte> data, ReadOnlySpan<byte> code)
    {
        var hasCode = data.IsEmpty && server.Options.ConnectErrorCodes && dialect.HasRefusalData;
        byte[] codeAsData = hasCode ? [.. "{\"code\":\""u8, .. code, .. "\"}"u8] : [];
        session.Send(dialect.Refused(parser, name, message, hasCode ? codeAsData : data));
        // A refusal can cost the program a database query, so a client cannot cause any number of them.
        var max = Math.Max(server.Options.MaxNamespaces, MinRefusals);
        if (Interlocked.Increment(ref _refusals) >= max) session.Close(ClientRefusals.TooManyRefusals(max));
    }

    private static byte[] Utf8Name(string name) => name == "/" ? [] : System.Text.Encoding.UTF8.GetBytes(name);

    private Socket? Find(ReadOnlySpan<byte> name)
    {
        foreach (var socket in Volatile.Read(ref _sockets))
        {
            if (socket.Utf8Namespace.SequenceEqual(name)) return socket;
        }

        return name.Length == 1 ? Find([]) : null;
    }

    // The caller holds the gate.
    private void NoteTakenOut(ReadOnlySpan<byte> name)
    {
        var noted = _takenOut ??= [];
        // Bounded, because clients can make up any number of names.
        if (noted.Count >= server.Options.MaxNamespaces) noted.RemoveAt(0);
        noted.Add(name.ToArray());
    }

    private bool WasTakenOut(ReadOnlySpan<byte> name)
    {
        lock (_gate)
        {
            foreach (var left in _takenOut ?? [])
            {
                if (name.SequenceEqual(left)) return true;
            }
        }

        return false;
    }

    // Starts the time that a client may be in no namespace.
    private void ExpectConnect()
    {
        lock (_gate)
        {
            _deadline?.Dispose();
            _deadline = _isClosed ? null : After(server.Options.ConnectTimeout, static state => ((EngineSession)state).Close(CloseReason.ConnectTimeout));
        }
    }

    // Starts or ends the time that a client may take for the attachments of a packet.
    private void ExpectPacket(bool isPending)
    {
        lock (_gate)
        {
            _packetDeadline?.Dispose();
            _packetDeadline = _isClosed || !isPending
                ? null
                : After(server.Options.PingTimeout, state => ((EngineSession)state).Close(ClientRefusals.MissingAttachments(server.Options)));
        }
    }

    private ClientTimeout After(TimeSpan delay, Action<object> close) => new(session, delay, close, session);
}
