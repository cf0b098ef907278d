using Microsoft.Extensions.Logging;

namespace SocketIOServer.Cluster;

/// <summary>
/// Wraps a bus of a third party so that it never throws. The server calls the bus in the middle of a broadcast and on threads of timers, where an exception
/// would reach the wrong caller or end the process. What fails is logged and counts as an outage.
/// </summary>
internal sealed partial class FencedBus : IClusterBus
{
    private readonly IClusterBus _bus;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly OccasionalLine _failureLine = new();
    private long _failed;

    private FencedBus(IClusterBus bus, TimeProvider time, ILogger logger) => (_bus, _time, _logger) = (bus, time, logger);

    public event Action<BusState>? StateChanged
    {
        add => Try(() => _bus.StateChanged += value, nameof(StateChanged));
        remove => Try(() => _bus.StateChanged -= value, nameof(StateChanged));
    }

    public string Name => Try(static bus => bus.Name, "unknown", nameof(Name));

    public BusState State => Try(static bus => bus.State, BusState.Down, nameof(State));

    public string? Problem => Try(static bus => bus.Problem, null, nameof(Problem));

    public BusStatistics Statistics
    {
        get
        {
            var statistics = Try(static bus => bus.Statistics, default, nameof(Statistics));
            return statistics with { Dropped = statistics.Dropped + Interlocked.Read(ref _failed) };
        }
    }

    /// <summary>Returns the bus to use. The buses that derive from <see cref="ClusterBus"/> and those of the process do not throw and are not wrapped.</summary>
    public static IClusterBus Around(IClusterBus bus, TimeProvider time, ILogger logger) =>
        bus is ClusterBus or InProcessConnection or FencedBus ? bus : new FencedBus(bus, time, logger);

    public async Task StartAsync(CancellationToken cancel)
    {
        try
        {
            await _bus.StartAsync(cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            OnFailed(e, nameof(StartAsync));
        }
    }

    public bool Publish(string channel, ReadOnlyMemory<byte> message)
    {
        try
        {
            return _bus.Publish(channel, message);
        }
        catch (Exception e)
        {
            Interlocked.Increment(ref _failed);
            OnFailed(e, nameof(Publish));
            return false;
        }
    }

    public bool Carries(string channel) => Try(bus => bus.Carries(channel), false, nameof(Carries));

    public IBusSubscription Subscribe(BusChannel channel, BusHandler handler)
    {
        try
        {
            return new Subscription(this, _bus.Subscribe(channel, handler));
        }
        catch (Exception e)
        {
            OnFailed(e, nameof(Subscribe));
            return new Subscription(this, null);
        }
    }

    public async ValueTask<int> CountAsync(string channel, CancellationToken cancel)
    {
        try
        {
            return await _bus.CountAsync(channel, cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            OnFailed(e, nameof(CountAsync));
            return -1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _bus.DisposeAsync();
        }
        catch (Exception e)
        {
            OnFailed(e, nameof(DisposeAsync));
        }
    }

    private void Try(Action act, string member)
    {
        try
        {
            act();
        }
        catch (Exception e)
        {
            OnFailed(e, member);
        }
    }

    private T Try<T>(Func<IClusterBus, T> read, T otherwise, string member)
    {
        try
        {
            return read(_bus);
        }
        catch (Exception e)
        {
            OnFailed(e, member);
            return otherwise;
        }
    }

    // One that fails may fail for every event.
    private void OnFailed(Exception error, string member)
    {
        if (_failureLine.IsDue(_time)) LogFailed(_logger, error, _bus.GetType().Name, member);
    }

    [LoggerMessage(95, LogLevel.Error, "The cluster bus {Bus} threw an exception in {Member}, which an IClusterBus must not do. This line is written at most once in 10 s.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string bus, string member);

    private sealed class Subscription(FencedBus bus, IBusSubscription? subscription) : IBusSubscription
    {
        public Task Ready => bus.Try(_ => subscription?.Ready, null, nameof(Ready)) ?? Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            if (subscription is null) return;
            try
            {
                await subscription.DisposeAsync();
            }
            catch (Exception e)
            {
                bus.OnFailed(e, nameof(IBusSubscription));
            }
        }
    }
}
