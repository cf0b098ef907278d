using System.Collections.Concurrent;

namespace SocketIOServer.Cluster;

/// <summary>
/// The subscriptions that a bus is to have, and which of them the engine has confirmed on the present connection. Several subscriptions to one channel
/// are one subscription of the engine.
/// </summary>
internal sealed class BusSubscriptions(Action<Exception, string> onHandlerFailed)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<BusChannel, Entry> _entries = new();
    private volatile Entry[] _prefixes = [];
    private HashSet<BusChannel> _changed = [];
    private TaskCompletionSource? _waiting;

    public IBusSubscription Add(BusChannel channel, BusHandler handler)
    {
        var subscription = new Subscription(this, channel, handler);
        TaskCompletionSource? waiting = null;
        lock (_gate)
        {
            if (!_entries.TryGetValue(channel, out var entry))
            {
                _entries[channel] = entry = new(channel);
                if (channel.IsPrefix) _prefixes = [.. _prefixes, entry];
            }

            entry.Handlers = [.. entry.Handlers, handler];
            subscription.Ready = entry.Ready.Task;
            if (!entry.IsConfirmed && _changed.Add(channel)) (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
        return subscription;
    }

    /// <summary>Hands a message to its handlers. They are called in the order in which messages come, on this thread.</summary>
    /// <returns>False: nobody is subscribed to the channel.</returns>
    public bool Dispatch(string channel, ReadOnlySpan<byte> message)
    {
        var found = false;
        if (_entries.TryGetValue(new(channel), out var exact)) found = Call(exact, channel, message);
        foreach (var prefix in _prefixes)
        {
            if (prefix.Channel.Matches(channel)) found |= Call(prefix, channel, message);
        }

        return found;
    }

    /// <summary>The connection is a new one, on which the engine has confirmed nothing yet.</summary>
    public void Renew()
    {
        lock (_gate)
        {
            foreach (var (channel, entry) in _entries)
            {
                (entry.IsConfirmed, entry.IsPostponed, entry.IsRepeated) = (false, false, false);
                if (entry.Handlers.Length > 0)
                {
                    _changed.Add(channel);
                    continue;
                }

                _changed.Remove(channel);
                Forget(entry);
            }
        }
    }

    /// <summary>Waits until the engine has to be told something.</summary>
    public async Task<(IReadOnlyList<BusChannel> Subscribe, IReadOnlyList<BusChannel> Unsubscribe)> TakeChangesAsync(CancellationToken cancel)
    {
        while (true)
        {
            TaskCompletionSource waiting;
            lock (_gate)
            {
                if (_changed.Count > 0)
                {
                    var changed = _changed;
                    _changed = [];
                    List<BusChannel> subscribe = [], unsubscribe = [];
                    foreach (var channel in changed)
                    {
                        if (!_entries.TryGetValue(channel, out var entry)) continue;
                        if (entry.Handlers.Length > 0 && !entry.IsConfirmed) subscribe.Add(channel);
                        if (entry.Handlers.Length > 0) continue;
                        if (entry.IsConfirmed || entry.IsRepeated) unsubscribe.Add(channel);
                        Forget(entry);
                    }

                    if (subscribe.Count + unsubscribe.Count > 0) return (subscribe, unsubscribe);
                    continue;
                }

                waiting = _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            await waiting.Task.WaitAsync(cancel);
        }
    }

    /// <summary>The engine cannot subscribe to it now.</summary>
    public void Postpone(BusChannel channel)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(channel, out var entry)) entry.IsPostponed = true;
        }
    }

    /// <summary>The engine is told again, as if these were new.</summary>
    public void Repeat(IEnumerable<BusChannel> channels)
    {
        TaskCompletionSource? waiting = null;
        lock (_gate)
        {
            foreach (var channel in channels)
            {
                if (!_entries.TryGetValue(channel, out var entry) || entry.Handlers.Length == 0) continue;
                entry.IsRepeated |= entry.IsConfirmed;
                entry.IsConfirmed = false;
                if (_changed.Add(channel)) (waiting, _waiting) = (_waiting ?? waiting, null);
            }
        }

        waiting?.TrySetResult();
    }

    /// <summary>The engine has confirmed these, but for those that were postponed.</summary>
    public void Confirm(IReadOnlyList<BusChannel> channels)
    {
        List<TaskCompletionSource> ready = [];
        lock (_gate)
        {
            foreach (var channel in channels)
            {
                // It may have gone meanwhile: then the engine is told so with the next changes.
                if (!_entries.TryGetValue(channel, out var entry)) continue;
                if (entry.IsPostponed)
                {
                    entry.IsPostponed = false;
                    continue;
                }

                (entry.IsConfirmed, entry.IsRepeated) = (true, false);
                if (entry.Handlers.Length == 0) _changed.Add(channel);
                ready.Add(entry.Ready);
            }
        }

        foreach (var source in ready) source.TrySetResult();
    }

    private void Remove(Subscription subscription)
    {
        TaskCompletionSource? waiting = null;
        lock (_gate)
        {
            if (!_entries.TryGetValue(subscription.Channel, out var entry)) return;
            var index = Array.IndexOf(entry.Handlers, subscription.Handler);
            if (index < 0) return;
            entry.Handlers = [.. entry.Handlers[..index], .. entry.Handlers[(index + 1)..]];
            if (entry.Handlers.Length == 0 && _changed.Add(entry.Channel)) (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
    }

    private void Forget(Entry entry)
    {
        _entries.TryRemove(entry.Channel, out _);
        if (entry.Channel.IsPrefix) _prefixes = [.. _prefixes.Where(other => other != entry)];
    }

    private bool Call(Entry entry, string channel, ReadOnlySpan<byte> message)
    {
        var handlers = entry.Handlers;
        foreach (var handler in handlers)
        {
            try
            {
                handler(channel, message);
            }
            catch (Exception e)
            {
                onHandlerFailed(e, channel);
            }
        }

        return handlers.Length > 0;
    }

    private sealed class Entry(BusChannel channel)
    {
        private volatile BusHandler[] _handlers = [];

        public BusChannel Channel => channel;

        public BusHandler[] Handlers { get => _handlers; set => _handlers = value; }

        public bool IsConfirmed { get; set; }

        public bool IsPostponed { get; set; }

        /// <summary>It was confirmed, and is being subscribed to again.</summary>
        public bool IsRepeated { get; set; }

        public TaskCompletionSource Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Subscription(BusSubscriptions owner, BusChannel channel, BusHandler handler) : IBusSubscription
    {
        private int _isDisposed;

        public BusChannel Channel => channel;

        public BusHandler Handler => handler;

        public Task Ready { get; set; } = Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0) owner.Remove(this);
            return default;
        }
    }
}
