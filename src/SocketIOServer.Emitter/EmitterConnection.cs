using System.Globalization;
using System.Text;
using SocketIOServer.Cluster;

namespace SocketIOServer.Emitter;

/// <summary>
/// The emitter's connection to the bus. It tells the caller whether the bus has taken a message, and finds out whether the engine has all of them: a message
/// that the emitter publishes to itself comes back behind everything that was published before.
/// </summary>
internal sealed class EmitterConnection : IAsyncDisposable
{
    // As long as servers that are there may take to say so.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    private readonly SocketEmitterOptions _options;
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private readonly IBusSubscription _markers;
    private readonly string _markerChannel;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private TaskCompletionSource? _flushed;
    private long _marker;
    private long _lostBefore;
    private Task _settled = Task.CompletedTask;

    public EmitterConnection(ClusterNode node, SocketEmitterOptions options)
    {
        (Node, _options) = (node, options);
        node.Members.IsObserver = true;
        _markerChannel = $"{node.Wire.NodesChannel}{node.Sender}";
        _markers = node.Bus.Subscribe(new(_markerChannel), OnMarker);
        node.Bus.StateChanged += OnStateChanged;
        if (node.Log is { } log) log.StateChanged += OnStateChanged;
        _ = StartAsync();
    }

    public ClusterNode Node { get; }

    private IClusterBus Bus => Node.Bus;

    private long Lost
    {
        get
        {
            var statistics = Node.Statistics;
            return statistics.Dropped + statistics.Uncertain;
        }
    }

    /// <summary>Publishes, or tells that the bus did not take it. While the bus connects for the first time, it completes when that has ended.</summary>
    public ValueTask PublishAsync(string channel, byte[] message)
    {
        var state = Bus.State;
        if (!Bus.Publish(channel, message)) return ValueTask.FromException(NotTaken());
        return state == BusState.Connecting ? new(WhenAliveAsync(CancellationToken.None)) : default;
    }

    /// <summary>A log keeps what it has taken until it is written, in an outage too.</summary>
    public ValueTask Appended(bool isTaken) => isTaken ? default : ValueTask.FromException(NotTaken());

    /// <summary>Completes when questions can be asked: the bus is alive, and the servers have said that they are there.</summary>
    public async Task WhenReadyToAskAsync(CancellationToken cancel)
    {
        await WhenAliveAsync(cancel);
        Task settled;
        lock (_gate) settled = _settled;
        await settled.WaitAsync(cancel);
    }

    public async Task FlushAsync(CancellationToken cancel)
    {
        await _flushing.WaitAsync(cancel);
        try
        {
            await WhenAliveAsync(cancel);
            await _markers.Ready.WaitAsync(_options.FlushTimeout, Node.Time, cancel);
            var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            long marker;
            lock (_gate) (_flushed, marker) = (flushed, ++_marker);
            if (!Bus.Publish(_markerChannel, Encoding.ASCII.GetBytes(marker.ToString(CultureInfo.InvariantCulture)))) throw NotTaken();
            await flushed.Task.WaitAsync(_options.FlushTimeout, Node.Time, cancel);
            await WhenLogIsEmptyAsync(cancel);
        }
        catch (TimeoutException e)
        {
            throw new EmitterException($"The bus {Node.StateOf} did not confirm the messages within {_options.FlushTimeout.TotalSeconds} s: they may be lost.", e);
        }
        finally
        {
            _flushing.Release();
        }

        var lost = Lost;
        var before = Interlocked.Exchange(ref _lostBefore, lost);
        if (lost > before) throw new EmitterException($"{lost - before} messages were lost, because the bus {Node.StateOf} was not alive for a time or its queue was full.");
    }

    public async ValueTask DisposeAsync()
    {
        Bus.StateChanged -= OnStateChanged;
        if (Node.Log is { } log) log.StateChanged -= OnStateChanged;
        await _markers.DisposeAsync();
        await Node.DisposeAsync();
        _flushing.Dispose();
    }

    private async Task StartAsync()
    {
        try
        {
            await Node.StartAsync(CancellationToken.None);
            _connected.TrySetResult();
        }
        catch (Exception e)
        {
            // A bus of a third party. Whoever waits is told.
            _connected.TrySetException(e);
        }
    }

    private async Task WhenAliveAsync(CancellationToken cancel)
    {
        if (Node.State == BusState.Connecting) await _connected.Task.WaitAsync(cancel);
        if (Node.State != BusState.Alive) throw NotTaken();
    }

    // An entry leaves the queue of the log when it was read back.
    private async Task WhenLogIsEmptyAsync(CancellationToken cancel)
    {
        if (Node.Log is not { } log) return;
        var begin = Node.Time.GetTimestamp();
        while (log.Statistics.QueuedMessages > 0)
        {
            if (Node.Time.GetElapsedTime(begin) >= _options.FlushTimeout) throw new TimeoutException();
            await Task.Delay(LookAgain, Node.Time, cancel);
        }
    }

    private EmitterException NotTaken() => Node.State == BusState.Alive
        ? new($"The queue of the bus {Node.StateOf} is full: the message was dropped.")
        : new($"The bus {Node.StateOf} is {Node.State.InWords()}: the message was not sent.");

    private void OnMarker(string channel, ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            // Whoever can publish on the bus can also publish nonsense here.
            if (long.TryParse(message, CultureInfo.InvariantCulture, out var marker) && marker == _marker) _flushed?.TrySetResult();
        }
    }

    private void OnStateChanged(BusState changed)
    {
        var state = Node.State;
        if (state != BusState.Connecting) _connected.TrySetResult();
        lock (_gate)
        {
            if (state == BusState.Alive) _settled = Task.Delay(Settle, Node.Time);
            // The messages in front of the marker are lost, or nobody knows.
            else _flushed?.TrySetException(new EmitterException($"The bus {Node.StateOf} is {state.InWords()}: messages may be lost."));
        }
    }
}
