using Microsoft.Extensions.Logging;
using SocketIOServer.Recovery;

namespace SocketIOServer.Cluster;

/// <summary>The sessions of clients that come to another server than the one they were connected to.</summary>
internal sealed partial class ClusterAdapter : ISessionOwners
{
    // A session whose answer comes too late is lost. During a deploy, a server that has just started and takes many clients can be late by more than a second.
    private static readonly TimeSpan OwnersTimeout = TimeSpan.FromSeconds(5);

    // The answer must still come in time.
    private static readonly TimeSpan WaitForOther = TimeSpan.FromSeconds(4);

    private NamespaceRecovery? _recovery;
    private ISessionEvents? _sessionEvents;

    public bool Any => _node.Members.Count > 0;

    /// <summary>Servers that all hear every event can move sessions among them.</summary>
    public void ShareSessions(NamespaceRecovery recovery, ISessionEvents events)
    {
        if (!_node.Wire.HearsAll || _hasNoChannel) return;
        _recovery = recovery;
        _sessionEvents = events;
        recovery.Others = this;
        if (_context.Log is { Shared: not null }) recovery.Shared = _node.Sessions is { } sessions ? new NamespaceSessions(sessions, events) : null;
    }

    public async Task<(MovedSession? Session, string? Failure)> TakeAsync(RecoveryRequest request, string? userId)
    {
        var (json, failure) = await AskForAsync(request, userId);
        if (json is not { } answer) return (null, failure);
        if (!SessionJson.TryRead(answer, _receiver.Limits, _context, out var session, out var kept, out failure)) return (null, RecoveryFailure.NoAnswer);
        // The socket is not let in yet, so no event of it comes before.
        return session is null || _sessionEvents!.TryPut(session.Socket.Id, userId, kept) ? (session, failure) : (null, RecoveryFailure.InboxFull);
    }

    public async Task<(string? Record, string? Failure)> TakeRecordAsync(RecoveryRequest request, string? userId)
    {
        var (json, failure) = await AskForAsync(request, userId);
        if (json is not { } answer) return (null, failure);
        return SessionJson.TryReadRecord(answer, out var record, out failure) ? (record, failure) : (null, RecoveryFailure.NoAnswer);
    }

    // Never throws.
    private async Task<(ReadOnlyMemory<byte>? Json, string? Failure)> AskForAsync(RecoveryRequest request, string? userId)
    {
        if (_requests.Open(endsWithFirst: true) is not { } question) return (null, RecoveryFailure.NoAnswer);
        var deadline = new Deadline(_node.Time, OwnersTimeout);
        _answers.Use();
        try
        {
            await WhenListeningAsync(deadline, CancellationToken.None);
            var message = new ClusterMessage { Type = ClusterMessageType.TakeSession, RequestId = question.Id, Json = SessionJson.WriteRequest(request, userId) };
            if (!Publish(message)) return (null, RecoveryFailure.NoAnswer);
            question.Expect(0, _node.Members.Others.Select(static other => other.Sender));
            await question.Done.WaitAsync(deadline.Left, _node.Time);
            if (question.Answers is not [var answer, ..]) return (null, RecoveryFailure.Unknown);
            return (answer.Json, null);
        }
        catch (Exception e)
        {
            // A timeout, or the clock or the bus of the program: the client begins a new session.
            if (e is not TimeoutException) LogNotTaken(_node.Logger, e, _context.Namespace);
            return (null, RecoveryFailure.NoAnswer);
        }
        finally
        {
            _requests.Close(question);
            _answers.Release();
        }
    }

    /// <summary>
    /// Another server asks for a session. Whether this one has it is read at once, in the order of the bus: another server may have given the session to the one that asks, which
    /// then gives it to this one, and no longer waits for this answer.
    /// </summary>
    public void GiveSession(ClusterMessage question)
    {
        if (_recovery is not { } recovery || !SessionJson.TryReadRequest(question.Json, out var request, out var userId) || !recovery.Has(request.Id))
        {
            Answer(question, new() { Type = ClusterMessageType.Failed });
            return;
        }

        // What a getter of the program's does must not hold up the bus.
        var taken = recovery.WhenTaken(request.Id);
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Adapter.GiveAsync(state.recovery, state.taken, state.question, state.request, state.userId),
            (Adapter: this, recovery, taken, question, request, userId),
            preferLocal: false);
    }

    // Never throws.
    private async Task GiveAsync(NamespaceRecovery recovery, Task? taken, ClusterMessage question, RecoveryRequest request, string? userId)
    {
        // A server that stops does not leave between taking the session out and sending it.
        recovery.BeginGiving();
        try
        {
            // The client was here a moment ago and has left before it got its session, or is about to leave.
            if (taken is not null)
            {
                await taken.WaitAsync(WaitForOther, _node.Time);
                // It was let in: the question is one of an earlier move.
                if (recovery.IsInUse(request.Id))
                {
                    Answer(question, new() { Type = ClusterMessageType.Failed });
                    return;
                }
            }

            if (_context.Log is { Shared: not null })
            {
                await GiveRecordAsync(recovery, question, request, userId);
                return;
            }

            var session = recovery.TryGive(request, userId, out var failure);
            // Who does not have it says so, and another server may have it.
            if (failure == RecoveryFailure.Unknown) Answer(question, new() { Type = ClusterMessageType.Failed });
            else if (session is null) Answer(question, new() { Type = ClusterMessageType.Session, Json = SessionJson.WriteFailure(failure!) });
            else Answer(question, new() { Type = ClusterMessageType.Session, Json = SessionJson.Write(session, _context, await _sessionEvents!.TakeAsync(session.Socket.Id, userId, session.Handled)) });
        }
        catch (Exception e)
        {
            // The program's data or clock, or a client that takes too long elsewhere.
            if (e is not TimeoutException) LogNotTaken(_node.Logger, e, _context.Namespace);
            Answer(question, new() { Type = ClusterMessageType.Failed });
        }
        finally
        {
            recovery.EndGiving();
        }
    }

    // Without the events that the client has missed: the other server has read them.
    private async Task GiveRecordAsync(NamespaceRecovery recovery, ClusterMessage question, RecoveryRequest request, string? userId)
    {
        var session = recovery.TryGiveRecord(request, userId, out var failure);
        string? record = null;
        if (session is not null && recovery.Shared is { } shared && await shared.WithdrawAsync(session) is { IsHere: false } elsewhere)
        {
            (session, record) = (null, elsewhere.Newer);
            if (record is null) failure = RecoveryFailure.Unknown;
        }

        if (session is not null)
        {
            var kept = await _sessionEvents!.TakeAsync(session.SocketId, userId, session.Handled);
            record = RecordFormat.Write(session.ToRecord(), kept, recovery.Encoder, RecordFormat.MaxRead);
            if (record is null) failure = RecoveryFailure.TooLarge;
        }

        if (failure == RecoveryFailure.Unknown) Answer(question, new() { Type = ClusterMessageType.Failed });
        else Answer(question, new() { Type = ClusterMessageType.Session, Json = record is null ? SessionJson.WriteFailure(failure!) : SessionJson.WriteRecord(record) });
    }

    [LoggerMessage(106, LogLevel.Error, "A session of {Namespace} could not be moved between servers.")]
    private static partial void LogNotTaken(ILogger logger, Exception exception, string @namespace);
}
