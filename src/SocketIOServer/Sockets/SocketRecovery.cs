using SocketIOServer.Adapters;
using SocketIOServer.Cluster;
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
    private MovedSession? _moved;

    // Why the session cannot be recovered any more.
    private string? _failure;

    // No other connection can take the session until this one has it, or has given it back.
    private bool _isTaking;

    // Events of the history that follow the connect packet.
    private int _earlier;

    // Any server of the cluster can continue any session.
    private bool IsShared => recovery.Log.Shared is not null;

    public bool HasRequest => request is not null;

    public bool HasSession => _session is not null || _moved is not null;

    // The program has disconnected the socket while it was let in: its client does not get the session back, as if it had been connected.
    private bool IsEnded => HasSession && socket.HasLeft && !Socket.IsRecoverable(socket.LeaveReason);

    // As long as a server waits for the answers of others.
    private static readonly TimeSpan WaitForOther = TimeSpan.FromSeconds(5);

    // What a client has missed in one namespace goes out before what it has missed in another.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(10);

    private bool IsQueueLong => socket.Session.Outbox.Bytes > socket.Context.Server.Options.MaxQueuedBytes / 16;

    /// <summary>Whether other servers may have to be asked for the session, another connection of the client is just taking it, or much is still to be sent to the client.</summary>
    public bool MayWait => request is not null && (IsShared || IsQueueLong || recovery.Others is { Any: true } || recovery.WhenTaken(request.Id) is not null);

    /// <summary>The program lets the client in. If the client can have its session back, the socket becomes the one of that session.</summary>
    /// <param name="canWait">False: completes at once.</param>
    public async ValueTask TakeSessionAsync(bool canWait = true)
    {
        if (request is null || socket.HasLeft) return;
        if (canWait && recovery.WhenTaken(request.Id) is { } taken) await WaitAsync(taken);
        if (canWait && IsQueueLong) await WhenSentAsync();
        // The client may have given up meanwhile, and come to another server.
        if (socket.HasLeft) return;
        var failure = IsShared ? await TakeSharedAsync(request) : await TakeAsync(request, canWait);
        if (failure is not null) Refuse(failure);
        else if (_session is { } session) Become(session.SocketId, session.Data, session.Rooms);
        else if (_moved is { } moved) Become(moved.Socket.Id, moved.Socket.Data as SocketData, moved.Socket.Rooms);
    }

    /// <summary>
    /// Lets the socket in, and sends the connect packet and what the client has missed. Returns false if the socket has left already. Returns null if the session cannot
    /// be recovered any more: the socket is a new one, which the program has not been asked about.
    /// </summary>
    public bool? Enter(Client client)
    {
        var missedThere = _moved?.Missed.Select(message => recovery.Log.Prepare(message)).ToArray() ?? [];
        var sends = QueuedSends.Begin();
        bool? isIn;
        try
        {
            isIn = TryEnter(client, missedThere, sends);
            if (isIn is not null) _isTaking = false;
            if (isIn is true || IsEnded) recovery.Release(_session);
        }
        finally
        {
            sends.End(isForMany: false);
        }

        // Outside the gate: a listener of the program can hear the metrics.
        if (isIn is true && HasSession) socket.Context.Server.Metrics.OnRecovery("recovered", _earlier);
        else if (isIn is true) socket.Context.Server.Metrics.OnHistory(_earlier);
        // OnConnecting or the other server took so long that an event was dropped or lost meanwhile.
        else if (isIn is null) ForgetSession(_failure!);
        return isIn;
    }

    /// <summary>The program does not let the client in, or the client has gone. In the second case it may ask again.</summary>
    public void OnNotAdmitted(bool isRefused)
    {
        if (IsEnded) Discard();
        else if (_session is { } session)
        {
            if (isRefused) Discard();
            else recovery.PutBack(session);
        }
        else if (_moved is { } moved)
        {
            if (isRefused) Discard();
            else Keep(moved, [.. moved.Missed.Select(message => recovery.Log.Prepare(message))]);
        }
        else
        {
            // A clock of the program's may have thrown meanwhile.
            OnFailed();
        }

        _isTaking = false;
    }

    /// <summary>Something has failed while the client was let in, as a clock of the program's. Its secret is used up, and nobody waits for this connection any longer.</summary>
    public void OnFailed()
    {
        if (_isTaking) Discard();
    }

    private async Task WaitAsync(Task taken)
    {
        try
        {
            await taken.WaitAsync(WaitForOther, socket.Context.Server.Time);
        }
        catch (TimeoutException)
        {
            // The client begins a new session.
        }
    }

    private async Task WhenSentAsync()
    {
        var time = socket.Context.Server.Time;
        for (var begun = time.GetTimestamp(); IsQueueLong && !socket.HasLeft && time.GetElapsedTime(begun) < WaitForOther;) await Task.Delay(CheckInterval);
    }

    private async ValueTask<string?> TakeAsync(RecoveryRequest request, bool canWait)
    {
        var others = canWait && recovery.Others is { Any: true } owners ? owners : null;
        _session = recovery.TryTake(request, socket.UserId, asksOthers: others is not null, out var failure);
        _isTaking = _session is not null || failure == RecoveryFailure.Unknown && others is not null;
        if (failure != RecoveryFailure.Unknown || others is null) return failure;
        var gaps = recovery.Gaps;
        (_moved, failure) = await others.TakeAsync(request, socket.UserId);
        if (failure is not null) Discard();
        else if (_moved is not null) _moved = _moved with { Gaps = gaps };
        return failure;
    }

    private async ValueTask<string?> TakeSharedAsync(RecoveryRequest request)
    {
        var time = socket.Context.Server.Time;
        await recovery.WhenReadAsync(EntryId.None, time);
        _session = recovery.TryTake(request, socket.UserId, asksOthers: true, out var failure);
        _isTaking = _session is not null || failure == RecoveryFailure.Unknown;
        string? text = null;
        // The store may have it too, or get it in a moment.
        if (_session is { } session && recovery.Shared is { } shared)
        {
            (var isHere, text) = await shared.WithdrawAsync(session);
            // The store may have saved it although its answer was lost, and another server may have it from there.
            if (isHere is null && recovery.Others is { Any: true } others) (isHere, text, failure) = await AskAsync(others, request);
            if (isHere is not false) return null;
            recovery.OnTakenElsewhere(session);
            (_session, failure) = (null, text is null ? failure ?? RecoveryFailure.Unknown : null);
        }
        else if (_session is not null || failure != RecoveryFailure.Unknown)
        {
            return failure;
        }

        if (failure == RecoveryFailure.Unknown) (text, failure) = await FindAsync(request);
        if (text is not null) failure = await ReceiveAsync(request, text);
        if (failure is not null) Discard();
        return failure;
    }

    // Whether a session in the memory of this server is the current one, after another server may have had it from the store.
    private async ValueTask<(bool IsHere, string? Record, string? Failure)> AskAsync(ISessionOwners others, RecoveryRequest request)
    {
        var (record, failure) = await others.TakeRecordAsync(request, socket.UserId);
        return (record is null && failure is RecoveryFailure.Unknown or RecoveryFailure.NoAnswer, record, failure);
    }

    // In the store, and then at a server that has not noticed yet that the client is gone, or could not save the session.
    private async ValueTask<(string? Record, string? Failure)> FindAsync(RecoveryRequest request)
    {
        var (record, failure) = await FindInStoreAsync(request);
        if (record is not null || recovery.Others is not { Any: true } others) return (record, failure);
        (record, var failureThere) = await others.TakeRecordAsync(request, socket.UserId);
        if (failureThere != RecoveryFailure.Unknown) return (record, failureThere);
        // One of them may have just saved it.
        return failure == RecoveryFailure.Unknown ? await FindInStoreAsync(request) : (null, failure);
    }

    private async ValueTask<(string? Record, string? Failure)> FindInStoreAsync(RecoveryRequest request)
    {
        if (recovery.Shared is not { } shared) return (null, RecoveryFailure.Unknown);
        var (record, hasAnswered) = await shared.TakeAsync(request.Id);
        return (record, record is not null ? null : hasAnswered ? RecoveryFailure.Unknown : RecoveryFailure.NoAnswer);
    }

    private async ValueTask<string?> ReceiveAsync(RecoveryRequest request, string text)
    {
        if (RecordFormat.Read(text, socket.Context.OfAdapter, out var kept) is not { } record) return RecoveryFailure.InvalidRecord;
        var needed = EntryId.TryParse(request.Offset, out var offset) ? EntryId.Later(record.Left, offset) : record.Left;
        await recovery.WhenReadAsync(needed, socket.Context.Server.Time);
        if (!recovery.HasRead(needed)) return RecoveryFailure.Behind;
        _session = recovery.TryReceive(record, request, socket.UserId, out var failure);
        // The socket is not let in yet, so no event of it comes before.
        if (_session is not { } session || socket.Context.SessionEvents!.TryPut(session.SocketId, session.UserId, kept)) return failure;
        recovery.Release(session);
        _session = null;
        return RecoveryFailure.InboxFull;
    }

    // Null: the session cannot be recovered any more.
    private bool? TryEnter(Client client, (OutgoingMessage Event, int OffsetAt)[] missedThere, QueuedSends sends)
    {
        lock (recovery.Log.Gate)
        {
            if (socket.HasLeft)
            {
                if (IsEnded) recovery.Discard(request!);
                else if (_session is { } session) recovery.PutBack(session);
                else if (_moved is { } moved) Keep(moved, missedThere);
                return false;
            }

            List<OutgoingMessage> missed = [];
            if (isForClient && (_failure = TryBegin(missedThere, out missed)) is not null) return null;
            if (!HasSession && socket.Context.History is { } history) missed.AddRange(history.Begin(socket, socket.Rooms));
            _earlier = missed.Count;
            socket.Context.Adapter.Add(socket);
            if (!client.Admit(socket, recovery.Log, missed, sends))
            {
                recovery.CancelBegin(socket, IsEnded ? null : _session, IsEnded ? null : _moved);
                return false;
            }

            return true;
        }
    }

    private string? TryBegin((OutgoingMessage Event, int OffsetAt)[] missedThere, out List<OutgoingMessage> missed) =>
        _moved is { } moved
            ? recovery.TryBegin(socket, moved, request!, missedThere, out missed)
            : recovery.TryBegin(socket, _session, request, out missed);

    private void Keep(MovedSession moved, (OutgoingMessage Event, int OffsetAt)[] missedThere)
    {
        lock (recovery.Log.Gate) recovery.TryBegin(null, moved, request!, missedThere, out _);
    }

    private void Become(string id, SocketData? data, IReadOnlyCollection<string> rooms)
    {
        socket.Become(id, data);
        socket.Context.Adapter.Join(socket, [.. rooms]);
    }

    private void ForgetSession(string failure)
    {
        Refuse(failure);
        Discard();
        socket.Context.Adapter.Leave(socket, [.. _session?.Rooms ?? _moved!.Socket.Rooms]);
        (_session, _moved) = (null, null);
        socket.Become(SessionIds.CreateRandom(), null);
    }

    private void Discard()
    {
        _isTaking = false;
        recovery.Discard(request!);
        recovery.Release(_session);
    }

    private void Refuse(string failure)
    {
        socket.Context.Server.Metrics.OnRecovery(failure, 0);
        RecoveryLines.LogNotRecovered(socket.Context.Server.Logger, socket.Context.LogName, failure);
    }
}
