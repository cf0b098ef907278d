using System.Collections.Concurrent;
using System.Text;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A bus whose faults a test chooses.</summary>
public sealed class FaultyBus(IClusterBus bus) : IClusterBus
{
    private volatile bool _isDown;
    private volatile bool _isFrozen;
    private long _dropped;
    private int _subscriptions;
    private int _counted;

    public event Action<BusState>? StateChanged;

    public string Name => "faulty";

    public BusState State => _isDown ? BusState.Down : bus.State;

    public BusStatistics Statistics => bus.Statistics with { Dropped = Interlocked.Read(ref _dropped) };

    /// <summary>Subscriptions that are not disposed of.</summary>
    public int Subscriptions => Volatile.Read(ref _subscriptions);

    /// <summary>What the server has published, in order.</summary>
    public ConcurrentQueue<(string Channel, string Text)> Published { get; } = new();

    /// <summary>How often the server has counted subscribers.</summary>
    public int CountedTimes => Volatile.Read(ref _counted);

    /// <summary>False: as an engine that does not count its subscribers.</summary>
    public bool Counts { get; set; } = true;

    /// <summary>The engine answers nothing: neither how many subscribers there are nor that there is a subscription.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The server hears and says nothing, though its subscriptions remain: a process that was stopped.</summary>
    public bool IsFrozen
    {
        get => _isFrozen;
        set => _isFrozen = value;
    }

    /// <summary>What the server publishes to these channels is lost, and it is not told. Null: nothing is lost.</summary>
    public Predicate<string>? Loses { get; set; }

    public bool IsDown
    {
        get => _isDown;
        set
        {
            _isDown = value;
            StateChanged?.Invoke(State);
        }
    }

    /// <summary>The engine ends its connection and knows nothing of it any more; the server is not told.</summary>
    public async Task LoseAsync()
    {
        _isFrozen = true;
        await bus.DisposeAsync();
    }

    public async Task StartAsync(CancellationToken cancel)
    {
        await bus.StartAsync(cancel);
        StateChanged?.Invoke(State);
    }

    public bool Publish(string channel, ReadOnlyMemory<byte> message)
    {
        Published.Enqueue((channel, Encoding.UTF8.GetString(message.Span)));
        if (_isFrozen || Loses?.Invoke(channel) is true) return true;
        if (!_isDown) return bus.Publish(channel, message);
        Interlocked.Increment(ref _dropped);
        return false;
    }

    public IBusSubscription Subscribe(BusChannel channel, BusHandler handler)
    {
        Interlocked.Increment(ref _subscriptions);
        var subscription = bus.Subscribe(channel, (name, message) =>
        {
            if (!_isFrozen && !_isDown) handler(name, message);
        });
        return new Subscription(this, subscription, IsSilent ? new TaskCompletionSource().Task : subscription.Ready);
    }

    public ValueTask<int> CountAsync(string channel, CancellationToken cancel)
    {
        Interlocked.Increment(ref _counted);
        if (IsSilent) return new(new TaskCompletionSource<int>().Task.WaitAsync(cancel));
        return Counts ? bus.CountAsync(channel, cancel) : new(-1);
    }

    public ValueTask DisposeAsync() => bus.DisposeAsync();

    private sealed class Subscription(FaultyBus owner, IBusSubscription subscription, Task ready) : IBusSubscription
    {
        public Task Ready => ready;

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref owner._subscriptions);
            return subscription.DisposeAsync();
        }
    }
}
