using SocketIOServer.Adapters;
using SocketIOServer.Json;

namespace SocketIOServer.Recovery;

/// <content>Sessions of a cluster whose servers share a log: any server can continue any of them.</content>
internal sealed partial class NamespaceRecovery
{
    // What a server in time has not read yet is on its way.
    private static readonly TimeSpan WaitForLog = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>The name of the namespace.</summary>
    public required string Name { get; init; }

    public required PacketEncoder Encoder { get; init; }

    /// <summary>Keeps the sessions for all servers. Null: there is no such store.</summary>
    public ISharedSessions? Shared { get; set; }

    /// <summary>Completes when the log was read up to an entry and everything before was delivered, or after a second. Never throws.</summary>
    public async ValueTask WhenReadAsync(EntryId id, TimeProvider time)
    {
        try
        {
            for (var begun = time.GetTimestamp(); !HasRead(id) && time.GetElapsedTime(begun) < WaitForLog;) await Task.Delay(CheckInterval);
        }
        catch (Exception)
        {
            // The program's clock. Whoever has waited looks again.
        }
    }

    /// <summary>Whether the log was read up to an entry and everything before was delivered.</summary>
    public bool HasRead(EntryId id)
    {
        lock (log.Gate) return !log.Gap.IsOpen && log.DeliveredTo >= id;
    }

    /// <summary>A session of the store or of another server. The client is just taking it.</summary>
    /// <param name="record">The session.</param>
    /// <param name="request">What the client asks for.</param>
    /// <param name="userId">Its user.</param>
    /// <param name="failure">Why it cannot be continued. It is lost then: a secret can be used once.</param>
    public SavedSession? TryReceive(SessionRecord record, RecoveryRequest request, string? userId, out string? failure)
    {
        SavedSession session;
        lock (log.Gate)
        {
            failure = record.Pid != request.Id || record.Namespace is { } name && name != Name ? RecoveryFailure.InvalidRecord
                : !record.IsForeign && record.UserId != userId ? RecoveryFailure.OtherUser
                : null;
            if (failure is not null) return null;
            var history = new MemberHistory(record, log.Gaps, log.Gap.Unplaced);
            session = Create(history, new() { Id = record.Sid, UserId = userId, Rooms = record.Rooms, Data = record.Data }, record.Left);
            // Which changes a server of Node has made to its session is not known.
            session.ChangedTo = record.IsForeign ? log.Position : record.Changed;
            failure = CatchUp(session) ?? Measure(session, request, maxReplayBytes, out _, out _, out _);
        }

        if (failure is null) return session;
        Release(session);
        return null;
    }

    /// <summary>Gives a session to another server.</summary>
    public SavedSession? TryGiveRecord(RecoveryRequest request, string? userId, out string? failure)
    {
        if (TryTake(request, userId, asksOthers: false, out failure) is not { } session) return null;
        lock (log.Gate)
        {
            Set(session.RecoveryId, null);
            session.History.IsMoved = true;
        }

        Release(session);
        return session;
    }

    /// <summary>A session is about to be saved. Returns what the caller completes when it is, or null if that is not needed.</summary>
    public TaskCompletionSource<bool>? BeginSave(SavedSession session, out int returns)
    {
        lock (log.Gate)
        {
            returns = session.Returns;
            if (!IsCurrent(session) || session.Saving is { Task.IsCompleted: false }) return null;
            session.History.IsLeaving = true;
            return session.Saving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The store has a session now, so this server has it no longer.</summary>
    /// <param name="session">The session.</param>
    /// <param name="returns">What <see cref="BeginSave"/> returned.</param>
    /// <param name="forget">Drops what the store has of its events. Under the gate: the client may come back here at once, and bring them.</param>
    public void OnSaved(SavedSession session, int returns, Action forget)
    {
        lock (log.Gate)
        {
            // Its client was faster, and withdraws it from the store.
            if (!IsCurrent(session) || session.Returns != returns) return;
            Set(session.RecoveryId, null);
            session.History.IsMoved = session.IsStored = true;
            forget();
            // A namespace that clients name would not read the log while nobody is in it.
            if (!isDeclared) return;
        }

        store.Remove(session);
        Release(session);
    }

    /// <summary>Another server has taken a session from the store, so what is in the memory of this one does not count.</summary>
    public void OnTakenElsewhere(SavedSession session)
    {
        lock (log.Gate) session.History.IsMoved = true;
        Release(session);
    }

    /// <summary>
    /// Takes back what was kept here for the client of a socket, if the session is with another server or in the store by now, or on its way there. Under the gate, so that the client is not let in
    /// meanwhile and gets it.
    /// </summary>
    /// <returns>Whether it was taken back.</returns>
    public bool TryWithdraw(Member member, Func<bool> withdraw)
    {
        lock (log.Gate) return member.History is { IsGone: true } && withdraw();
    }

    private bool IsRecoverable(SavedSession session) => session.History.Gaps == log.Gaps && session.History.Needs != EntryId.Never;

    private bool IsCurrent(SavedSession session) => _sessions.TryGetValue(session.RecoveryId, out var found) && found == session;
}
