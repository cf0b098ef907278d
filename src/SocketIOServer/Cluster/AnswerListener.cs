namespace SocketIOServer.Cluster;

/// <summary>
/// Listens to the channels of the answers to a server while somebody uses them. One thread at a time subscribes and disposes, under no lock, because the bus may be
/// code of the program. If two threads change the use at the same moment, the last change counts.
/// </summary>
internal sealed class AnswerListener(IClusterBus bus, IReadOnlyList<BusChannel> channels, BusHandler handler)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _ready = NewReady();
    private IBusSubscription[]? _subscriptions;
    private int _uses;
    private bool _isChanging;

    /// <summary>Completes when the bus has confirmed the subscription of those who use it now.</summary>
    public Task Ready
    {
        get
        {
            lock (_gate) return _ready.Task;
        }
    }

    /// <summary>One use more.</summary>
    public void Use() => Change(1);

    /// <summary>One use less.</summary>
    public void Release() => Change(-1);

    private static TaskCompletionSource NewReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(int uses)
    {
        lock (_gate)
        {
            _uses += uses;
            // The thread that is changing the subscription looks again afterwards.
            if (_isChanging) return;
            _isChanging = true;
        }

        while (TryMove(out var ended))
        {
            if (ended is null) Begin([.. channels.Select(channel => bus.Subscribe(channel, handler))]);
            else foreach (var one in ended) _ = one.DisposeAsync().AsTask();
        }
    }

    // False: the subscriptions are as they should be. With subscriptions: they are to be disposed of. Without: they are to begin.
    private bool TryMove(out IBusSubscription[]? ended)
    {
        lock (_gate)
        {
            ended = null;
            if (_uses > 0 == _subscriptions is not null) return _isChanging = false;
            if (_uses > 0) return true;
            (ended, _subscriptions, _ready) = (_subscriptions, null, NewReady());
            return true;
        }
    }

    private void Begin(IBusSubscription[] subscriptions)
    {
        TaskCompletionSource ready;
        lock (_gate) (_subscriptions, ready) = (subscriptions, _ready);
        var all = Task.WhenAll(subscriptions.Select(static one => one.Ready));
        if (all.IsCompleted) ready.TrySetResult();
        else all.ContinueWith(static (_, state) => ((TaskCompletionSource)state!).TrySetResult(), ready, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
