using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO;
using SocketIOServer.Inboxes;

namespace SocketIOServer.Events;

/// <summary>The durable events of one namespace: adds them to the store, and wakes the sockets that are sent them, on this server and on others.</summary>
internal sealed partial class NamespaceInboxes(NamespaceContext @namespace, InboxOptions options, IInboxStore store)
{
    /// <summary>The event with which a server tells the others that an inbox has a message.</summary>
    public const string WakeEvent = "socketio:inbox";

    private readonly ConcurrentDictionary<string, ImmutableReaders> _readers = new(StringComparer.Ordinal);
    private volatile bool _isFailing;

    public InboxOptions Options => options;

    public IInboxStore Store => store;

    public static string RoomOf(string userId) => "user:" + userId;

    // No name of a namespace has a comma. Clients choose some of them, and one must not name the inbox of a user of another namespace.
    public string OfUser(string userId) => $"{@namespace.Name},user:{userId}";

    public string OfSession(string socketId) => $"{@namespace.Name},socket:{socketId}";

    public async ValueTask AddAsync(string inbox, byte[] content, TimeSpan maxAge)
    {
        if (!await store.AddAsync(inbox, content, new(maxAge, options.MaxMessages, options.MaxBytes)))
        {
            @namespace.Server.Metrics.OnInbox("refused");
            throw new InboxFullException($"The event was not kept, because the inbox is full: {nameof(InboxOptions)}.{nameof(InboxOptions.MaxMessages)}, {nameof(InboxOptions.MaxBytes)} or {nameof(InboxOptions.MaxTotalBytes)}.");
        }

        @namespace.Server.Metrics.OnInbox("added");
        Wake(inbox);
        WakeOthers(inbox);
    }

    /// <summary>The bus is alive again. This server may not have heard of messages of others, nor they of its own.</summary>
    public void OnReconnected() =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static inboxes =>
            {
                inboxes.WakeAll();
                try
                {
                    inboxes.WakeOthers(null);
                }
                catch (Exception e)
                {
                    // Options.Json belongs to the program.
                    inboxes.OnFailed(e);
                }
            },
            this,
            preferLocal: false);

    /// <summary>Any inbox may have a message.</summary>
    public void WakeAll()
    {
        foreach (var (inbox, _) in _readers) Wake(inbox);
    }

    /// <summary>A socket has acked a message.</summary>
    public async Task RemoveAsync(string inbox, long id)
    {
        try
        {
            if (await store.RemoveAsync(inbox, id)) @namespace.Server.Metrics.OnInbox("acked");
            _isFailing = false;
        }
        catch (Exception e)
        {
            // The message stays, and is sent again on the next connection.
            OnFailed(e);
        }
    }

    public async ValueTask<IReadOnlyList<InboxMessage>> ReadAsync(string inbox, long after, int count)
    {
        var messages = await store.ReadAsync(inbox, after, count);
        _isFailing = false;
        return messages;
    }

    /// <summary>An inbox has a message, which this server or another one has added.</summary>
    public void Wake(string inbox)
    {
        if (!_readers.TryGetValue(inbox, out var readers)) return;
        foreach (var reader in readers.All) reader.Wake();
    }

    public void Add(string inbox, IInboxReader reader) =>
        _readers.AddOrUpdate(inbox, static (_, reader) => new([reader]), static (_, readers, reader) => new([.. readers.All, reader]), reader);

    public void Remove(string inbox, IInboxReader reader)
    {
        while (_readers.TryGetValue(inbox, out var readers))
        {
            var rest = new ImmutableReaders([.. readers.All.Where(other => other != reader)]);
            if (rest.All.Length == 0 ? _readers.TryRemove(new(inbox, readers)) : _readers.TryUpdate(inbox, rest, readers)) return;
        }
    }

    /// <summary>The store has thrown. One line until it works again.</summary>
    public void OnFailed(Exception error)
    {
        if (_isFailing) return;
        _isFailing = true;
        LogStoreFailed(@namespace.Server.Logger, error, @namespace.LogName);
    }

    /// <summary>The store returned what was not added.</summary>
    public void OnUnreadable(string inbox) => LogUnreadable(@namespace.Server.Logger, LogText.Of(inbox));

    // Null: any inbox.
    private void WakeOthers(string? inbox)
    {
        if (@namespace.OtherServers is { } others)
            others.EmitToServers(@namespace.Encoded(@namespace.Encoder.EventArgs(@namespace.Utf8Name, WakeEvent, [inbox])));
    }

    [LoggerMessage(113, LogLevel.Error, "The store of the inboxes has failed in {Namespace}. The server tries again.")]
    private static partial void LogStoreFailed(ILogger logger, Exception exception, string @namespace);

    [LoggerMessage(114, LogLevel.Error, "The store has returned a message of the inbox {Inbox} that is not what was added. It is removed.")]
    private static partial void LogUnreadable(ILogger logger, string inbox);

    // Compared by reference.
    private sealed class ImmutableReaders(IInboxReader[] all)
    {
        public IInboxReader[] All => all;
    }
}
