using Microsoft.Extensions.Logging;
using SocketIOServer.Cluster;
using SocketIOServer.Recovery;
using SocketIOServer.Retries;

namespace SocketIOServer.Events;

/// <summary>Moves the keys of handled events, and the durable events in the memory of this server, with a session.</summary>
internal sealed partial class SessionEvents(NamespaceContext @namespace) : ISessionEvents
{
    // The client waits for its session meanwhile.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(500);

    private RetryStore Retries => @namespace.Server.Retries;

    public Task? WhenHandled(SavedSession session)
    {
        var owner = OwnerOf(session.SocketId, session.UserId);
        return session.Handled.IsCompleted && Retries.WhenHandledAsync(owner).IsCompleted ? null : WhenHandledAsync(owner, session.Handled);
    }

    public KeptEvents Copy(string socketId, string? userId) => new(
        Retries.Latest(OwnerOf(socketId, userId), KeptEvents.MaxHandled, KeptEvents.MaxHandledBytes),
        @namespace.Inboxes is { } inboxes ? @namespace.Server.OwnInboxes?.Copy(inboxes.OfSession(socketId)) ?? [] : []);

    public void ForgetCopied(string socketId, string? userId)
    {
        // A user may have other sockets here.
        if (OwnerOf(socketId, userId) is { IsUser: false } owner) Retries.Forget(owner);
        if (@namespace.Inboxes is { } inboxes) @namespace.Server.OwnInboxes?.RemoveCopied(inboxes.OfSession(socketId));
    }

    public async Task<KeptEvents> TakeAsync(string socketId, string? userId, Task handled)
    {
        await WhenHandledAsync(OwnerOf(socketId, userId), handled);
        var events = Copy(socketId, userId);
        ForgetCopied(socketId, userId);
        return events;
    }

    public bool TryPut(string socketId, string? userId, KeptEvents events)
    {
        if (events.Durable.Count > 0 && !TryPutDurable(socketId, events.Durable))
        {
            LogRefused(@namespace.Server.Logger, @namespace.LogName, events.Durable.Count);
            return false;
        }

        Retries.Add(OwnerOf(socketId, userId), events.Handled);
        return true;
    }

    // Never throws.
    private async Task WhenHandledAsync(RetryOwner owner, Task handled)
    {
        try
        {
            await AllAsync().WaitAsync(MaxWait, @namespace.Server.Time);
        }
        catch (Exception)
        {
            // The time is over, or the program's clock has failed. If the client sends an event again that is still being handled, both servers handle it.
        }

        async Task AllAsync()
        {
            // Events that wait behind one another have not begun.
            await handled;
            await Retries.WhenHandledAsync(owner);
        }
    }

    private bool TryPutDurable(string socketId, IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        if (@namespace is not { Inboxes: { } inboxes, Server.OwnInboxes: { } own }) return false;
        var limits = new InboxLimits(NamespaceContext.MaxAge(@namespace.Server.Options), inboxes.Options.MaxMessages, inboxes.Options.MaxBytes);
        var inbox = inboxes.OfSession(socketId);
        // An earlier stay of the session may have left something, which the client has or which is among the messages.
        own.Clear(inbox);
        foreach (var message in messages)
        {
            if (own.Add(inbox, message, limits)) continue;
            own.Clear(inbox);
            return false;
        }

        return true;
    }

    private RetryOwner OwnerOf(string socketId, string? userId) => userId is { Length: > 0 } ? new(@namespace.Name, IsUser: true, userId) : new(@namespace.Name, IsUser: false, socketId);

    [LoggerMessage(131, LogLevel.Warning, "A session that has come from another server to {Namespace} is refused: its {Count} durable events do not fit into the memory of the inboxes here, or the inboxes of this server are in a store, or it has none.")]
    private static partial void LogRefused(ILogger logger, string @namespace, int count);
}
