using Microsoft.Extensions.Logging;

namespace SocketIOServer.Cluster;

/// <summary>One server's part of a bus in the process: its subscriptions, and the messages that wait for its handlers.</summary>
internal sealed partial class InProcessConnection(InProcessBus bus, ILogger logger) : IClusterBus
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, BusHandler[]> _handlers = new(StringComparer.Ordinal);
    private readonly Queue<BusMessage> _inbox = new();
    private (BusChannel Channel, BusHandler Handler)[] _prefixes = [];
    private bool _isDelivering;
    private int _state;
    private long _published;
    private long _received;
    private long _dropped;

    public event Action<BusState>? StateChanged;

    public string Name => "in-process";

    public BusState State => (BusState)Volatile.Read(ref _state);

    public BusStatistics Statistics
    {
        get
        {
            lock (_gate) return new(Interlocked.Read(ref _published), Interlocked.Read(ref _received), Interlocked.Read(ref _dropped), _inbox.Count, _inbox.Sum(static message => (long)message.Body.Length));
        }
    }

    public Task StartAsync(CancellationToken cancel)
    {
        SetState(BusState.Alive);
        return Task.CompletedTask;
    }

    public bool Publish(string channel, ReadOnlyMemory<byte> message)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (State != BusState.Alive)
        {
            Interlocked.Increment(ref _dropped);
            return false;
        }

        Interlocked.Increment(ref _published);
        var connections = bus.Connections;
        // All have it in their queue before anybody's handler runs, which may publish as well.
        foreach (var connection in connections) connection.Enqueue(new(channel, message));
        foreach (var connection in connections) connection.Deliver();
        return true;
    }

    public IBusSubscription Subscribe(BusChannel channel, BusHandler handler)
    {
        ArgumentNullException.ThrowIfNull(channel.Name);
        ArgumentNullException.ThrowIfNull(handler);
        lock (_gate)
        {
            if (channel.IsPrefix) _prefixes = [.. _prefixes, (channel, handler)];
            else _handlers[channel.Name] = [.. _handlers.GetValueOrDefault(channel.Name) ?? [], handler];
        }

        return new Subscription(this, channel, handler);
    }

    public ValueTask<int> CountAsync(string channel, CancellationToken cancel) => new(bus.Connections.Count(connection => connection.Hears(channel)));

    public ValueTask DisposeAsync()
    {
        bus.Remove(this);
        SetState(BusState.Down);
        return default;
    }

    private void SetState(BusState state)
    {
        if (Interlocked.Exchange(ref _state, (int)state) != (int)state) StateChanged?.Invoke(state);
    }

    private bool Hears(string channel)
    {
        lock (_gate) return State == BusState.Alive && (_handlers.ContainsKey(channel) || Array.Exists(_prefixes, prefix => prefix.Channel.Matches(channel)));
    }

    private void Enqueue(in BusMessage message)
    {
        if (!Hears(message.Channel)) return;
        lock (_gate) _inbox.Enqueue(message);
    }

    // One thread at a time, and no recursion: whoever publishes while this runs leaves the message in the queue.
    private void Deliver()
    {
        lock (_gate)
        {
            if (_isDelivering) return;
            _isDelivering = true;
        }

        while (TryTake(out var message, out var handlers))
        {
            Interlocked.Increment(ref _received);
            foreach (var handler in handlers) Call(handler, message);
        }
    }

    private bool TryTake(out BusMessage message, out BusHandler[] handlers)
    {
        lock (_gate)
        {
            handlers = [];
            _isDelivering = _inbox.TryDequeue(out message);
            if (!_isDelivering) return false;
            var channel = message.Channel;
            handlers = _handlers.GetValueOrDefault(channel) ?? [];
            if (_prefixes.Length > 0) handlers = [.. handlers, .. _prefixes.Where(prefix => prefix.Channel.Matches(channel)).Select(static prefix => prefix.Handler)];
            return true;
        }
    }

    private void Call(BusHandler handler, in BusMessage message)
    {
        try
        {
            handler(message.Channel, message.Body.Span);
        }
        catch (Exception e)
        {
            // A handler's fault is not the publisher's.
            LogHandlerFailed(logger, e, message.Channel);
        }
    }

    private void Unsubscribe(BusChannel channel, BusHandler handler)
    {
        lock (_gate)
        {
            if (channel.IsPrefix)
            {
                _prefixes = Without(_prefixes, (channel, handler));
                return;
            }

            var left = Without(_handlers.GetValueOrDefault(channel.Name) ?? [], handler);
            if (left.Length == 0) _handlers.Remove(channel.Name);
            else _handlers[channel.Name] = left;
        }
    }

    private static T[] Without<T>(T[] all, T one)
    {
        var index = Array.IndexOf(all, one);
        return index < 0 ? all : [.. all[..index], .. all[(index + 1)..]];
    }

    [LoggerMessage(45, LogLevel.Error, "A handler of the cluster bus in-process failed for {Channel}.")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception, string channel);

    private sealed class Subscription(InProcessConnection connection, BusChannel channel, BusHandler handler) : IBusSubscription
    {
        private int _isDisposed;

        public Task Ready => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0) connection.Unsubscribe(channel, handler);
            return default;
        }
    }
}
