namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A bus whose server hears messages later: they are held until the test goes on.</summary>
public sealed class LateBus(IClusterBus bus) : IClusterBus
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _isHeld = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Queue<Action>? _held;
    private Predicate<byte[]> _isLate = static _ => true;

    public event Action<BusState>? StateChanged
    {
        add => bus.StateChanged += value;
        remove => bus.StateChanged -= value;
    }

    public string Name => "late";

    public BusState State => bus.State;

    public BusStatistics Statistics => bus.Statistics;

    public Task StartAsync(CancellationToken cancel) => bus.StartAsync(cancel);

    public bool Publish(string channel, ReadOnlyMemory<byte> message) => bus.Publish(channel, message);

    public IBusSubscription Subscribe(BusChannel channel, BusHandler handler) => bus.Subscribe(channel, (name, message) =>
    {
        var copy = message.ToArray();
        lock (_gate)
        {
            if (_held is { } held && _isLate(copy))
            {
                held.Enqueue(() => handler(name, copy));
                _isHeld.TrySetResult();
                return;
            }
        }

        handler(name, message);
    });

    public ValueTask<int> CountAsync(string channel, CancellationToken cancel) => bus.CountAsync(channel, cancel);

    public ValueTask DisposeAsync() => bus.DisposeAsync();

    /// <summary>From now on nothing is heard, or some messages are not.</summary>
    public void Hold(Predicate<byte[]>? isLate = null)
    {
        lock (_gate) (_held, _isLate) = (new(), isLate ?? (static _ => true));
    }

    /// <summary>Completes when there is something that was not heard.</summary>
    public Task HeldAsync() => _isHeld.Task.Soon();

    /// <summary>What was held is heard now, in order.</summary>
    public void GoOn()
    {
        Queue<Action> held;
        lock (_gate) (held, _held) = (_held!, null);
        foreach (var message in held) message();
    }
}
