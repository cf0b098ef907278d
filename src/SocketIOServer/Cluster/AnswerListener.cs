namespace SocketIOServer.Cluster;

/// <summary>
/// Listens to the channel of a server's answers while somebody uses it. One thread at a time subscribes and disposes, under no lock, because the bus may be
/// code of the program. If two threads change the use at the same moment, the last change counts.
/// </summary>
internal sealed class AnswerListener(IClusterBus bus, BusChannel channel, BusHandler handler)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _ready = NewReady();
    private IBusSubscription? _subscription;
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
            if (ended is not null) _ = ended.DisposeAsync().AsTask();
            else Begin(bus.Subscribe(channel, handler));
        }
    }

    // False: the subscription is as it should be. With a subscription: it is to be disposed of. Without one: it is to begin.
    private bool TryMove(out IBusSubscription? ended)
    {
        lock (_gate)
        {
            ended = null;
            if (_uses > 0 == _subscription is not null) return _isChanging = false;
            if (_uses > 0) return true;
            (ended, _subscription, _ready) = (_subscription, null, NewReady());
            return true;
        }
    }

    private void Begin(IBusSubscription subscription)
    {
        TaskCompletionSource ready;
        lock (_gate) (_subscription, ready) = (subscription, _ready);
        if (subscription.Ready.IsCompleted) ready.TrySetResult();
        else subscription.Ready.ContinueWith(static (_, state) => ((TaskCompletionSource)state!).TrySetResult(), ready, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
