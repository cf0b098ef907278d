using Microsoft.Extensions.Logging;
using SocketIOServer.Cluster;
using SocketIOServer.Retries;

namespace SocketIOServer.Events;

/// <summary>Moves the keys of handled events, and the durable events in the memory of this server, with a session.</summary>
internal sealed partial class SessionEvents(NamespaceContext @namespace) : ISessionEvents
{
    // A hand-over is one message of the bus.
    private const int MaxKeys = 100;
    private const long MaxBytes = 32 << 10;

    // The client waits for its session meanwhile.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(500);

    private RetryStore Retries => @namespace.Server.Retries;

    public async Task<KeptEvents> TakeAsync(string socketId, string? userId)
    {
        var owner = OwnerOf(socketId, userId);
        try
        {
            await Retries.WhenHandledAsync(owner).WaitAsync(MaxWait, @namespace.Server.Time);
        }
        catch (TimeoutException)
        {
            // These are handled on both servers if the client sends them again.
        }

        var handled = Retries.Latest(owner, MaxKeys, MaxBytes);
        // A user may have other sockets here.
        if (!owner.IsUser) Retries.Forget(owner);
        return new(handled, @namespace.Inboxes is { } inboxes ? @namespace.Server.OwnInboxes?.Take(inboxes.OfSession(socketId)) ?? [] : []);
    }

    public void Put(string socketId, string? userId, KeptEvents events)
    {
        Retries.Add(OwnerOf(socketId, userId), events.Handled);
        if (@namespace.Inboxes is not { } inboxes || events.Durable.Count == 0) return;
        var limits = new InboxLimits(NamespaceContext.MaxAge(@namespace.Server.Options), inboxes.Options.MaxMessages, inboxes.Options.MaxBytes);
        var dropped = 0;
        foreach (var message in events.Durable)
        {
            if (@namespace.Server.OwnInboxes?.Add(inboxes.OfSession(socketId), message, limits) is not true) dropped++;
        }

        if (dropped > 0) LogDropped(@namespace.Server.Logger, dropped, @namespace.LogName);
    }

    private RetryOwner OwnerOf(string socketId, string? userId) => userId is { Length: > 0 } ? new(@namespace.Name, IsUser: true, userId) : new(@namespace.Name, IsUser: false, socketId);

    [LoggerMessage(131, LogLevel.Warning, "{Count} durable events of a session that another server has handed over in {Namespace} were dropped: the memory of the inboxes is used up, or the inboxes of this server are in a store.")]
    private static partial void LogDropped(ILogger logger, int count, string @namespace);
}
