using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Cluster;

/// <summary>
/// What every bus needs, whatever its engine: a bounded queue with one writer, subscriptions that outlive outages, and a probe that finds out whether
/// messages still come back. An engine's bus derives from it and brings the engine's calls.
/// </summary>
/// <remarks>
/// The bus calls the engine's methods one at a time, except that <see cref="SendAsync"/>, <see cref="SubscribeAsync"/> and <see cref="CountAsync"/> may run
/// at the same time. What they throw ends the connection: the bus calls <see cref="DisconnectAsync"/>, waits, and calls <see cref="ConnectAsync"/> again.
/// </remarks>
public abstract partial class ClusterBus : IClusterBus
{
    private const int BatchSize = 256;

    // What is handed to the engine's client stands before the next probe. On a slow connection it must pass well within the probe's time.
    private const int BatchBytes = 32 * 1024;

    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(1);

    private readonly ClusterBusOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BusOutbox _outbox;
    private readonly BusSubscriptions _subscriptions;
    private readonly BusProbe _probe;
    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private volatile TaskCompletionSource<Exception> _lost = new();
    private Task? _running;
    private int _state;
    private long _published;
    private long _received;
    private long _dropped;
    private int _unsent;
    private long _uncertain;
    private readonly OccasionalLine _dropLine = new();

    /// <summary>Makes a bus that is not connected yet.</summary>
    /// <param name="name">See <see cref="Name"/>.</param>
    /// <param name="probeChannel">A channel for the probe, which no other process and no other bus of this process subscribes to.</param>
    /// <param name="options">Limits and times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets one line for each change of state.</param>
    protected ClusterBus(string name, string probeChannel, ClusterBusOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Name, _options, _logger) = (name, options, FencedLogger.Around(logger));
        _time = FencedTime.Around(time, _logger);
        _outbox = new(options.MaxQueuedMessages, options.MaxQueuedBytes);
        _subscriptions = new((exception, channel) => LogHandlerFailed(_logger, exception, Name, channel));
        _probe = new(probeChannel);
        _subscriptions.Add(new(probeChannel), (_, message) => _probe.Receive(message));
    }

    /// <inheritdoc/>
    public event Action<BusState>? StateChanged;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public BusState State => (BusState)Volatile.Read(ref _state);

    /// <inheritdoc/>
    public virtual string? Problem => null;

    /// <inheritdoc/>
    public BusStatistics Statistics
    {
        get
        {
            var (messages, bytes) = _outbox.Size;
            return new(Interlocked.Read(ref _published), Interlocked.Read(ref _received), Interlocked.Read(ref _dropped), messages, bytes, Interlocked.Read(ref _uncertain));
        }
    }

    /// <summary>The logger that the bus was made with, for the engine's bus. It never throws, whatever the program's logger does.</summary>
    protected ILogger Logger => _logger;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancel)
    {
        lock (_gate) _running ??= Task.Run(RunAsync, CancellationToken.None);
        return _firstAttempt.Task.WaitAsync(cancel);
    }

    /// <inheritdoc/>
    public bool Publish(string channel, ReadOnlyMemory<byte> message)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var state = State;
        // Where the engine does not carry the channel, the caller hears it now, and need not wait for an answer that cannot come.
        var isTaken = state == BusState.Connecting || state == BusState.Alive && Carries(channel);
        if (isTaken && _outbox.TryAdd(new(channel, message))) return true;
        Drop(1);
        return false;
    }

    /// <inheritdoc/>
    public virtual bool Carries(string channel) => State == BusState.Alive;

    /// <inheritdoc/>
    public IBusSubscription Subscribe(BusChannel channel, BusHandler handler)
    {
        ArgumentNullException.ThrowIfNull(channel.Name);
        ArgumentNullException.ThrowIfNull(handler);
        return _subscriptions.Add(channel, handler);
    }

    /// <inheritdoc/>
    public abstract ValueTask<int> CountAsync(string channel, CancellationToken cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // What the server has said last, its goodbye among it, still goes out.
        if (State == BusState.Alive) await _outbox.SentAsync().WaitAsync(FlushTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopped.CancelAsync();
        Task? running;
        lock (_gate) running = _running;
        if (running is not null) await running;
        await DisposeAsyncCore();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the connections, for publishing and for subscriptions. Nothing is open when it is called.</summary>
    /// <param name="cancel">The bus is disposed, or the attempt takes too long. The attempt must end then, and leave nothing open that <see cref="DisconnectAsync"/> does not close.</param>
    protected abstract Task ConnectAsync(CancellationToken cancel);

    /// <summary>Closes whatever is open of the connections. It is also called after an attempt that failed.</summary>
    protected abstract Task DisconnectAsync();

    /// <summary>Publishes messages in their order. Throwing ends the connection; the messages are not published again.</summary>
    /// <param name="messages">At least one. Valid until the task completes.</param>
    /// <param name="cancel">The connection ends.</param>
    /// <returns>Completes when the messages are handed to the engine's client; it need not wait for the engine's answer.</returns>
    protected abstract Task SendAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancel);

    /// <summary>Subscribes on the present connection. From then on the engine's bus calls <see cref="Receive"/> for each message.</summary>
    /// <param name="channels">At least one.</param>
    /// <param name="cancel">The connection ends.</param>
    /// <returns>Completes when the engine has confirmed all of them, but for those that were postponed.</returns>
    protected abstract Task SubscribeAsync(IReadOnlyList<BusChannel> channels, CancellationToken cancel);

    /// <summary>Ends subscriptions on the present connection.</summary>
    /// <param name="channels">At least one.</param>
    /// <param name="cancel">The connection ends.</param>
    protected abstract Task UnsubscribeAsync(IReadOnlyList<BusChannel> channels, CancellationToken cancel);

    /// <summary>Releases what the derived class holds. Called once, after the last connection was closed.</summary>
    protected virtual ValueTask DisposeAsyncCore() => default;

    /// <summary>Hands a message to its handlers, on this thread. Call it for one message after another in the order of the channel.</summary>
    /// <param name="channel">The channel that the message was published to.</param>
    /// <param name="message">The message; it is not used after the call.</param>
    protected void Receive(string channel, ReadOnlySpan<byte> message)
    {
        // The probe is no message of the program.
        if (channel != _probe.Channel) Interlocked.Increment(ref _received);
        _subscriptions.Dispatch(channel, message);
    }

    /// <summary>
    /// Counts messages that <see cref="SendAsync"/> was given and did not publish, because the engine would refuse them. Call it within <see cref="SendAsync"/>, and say in the log why.
    /// </summary>
    /// <param name="count">How many.</param>
    protected void CountUnsent(int count)
    {
        Interlocked.Add(ref _unsent, count);
        Interlocked.Add(ref _dropped, count);
    }

    /// <summary>
    /// Counts messages whose publication failed after <see cref="SendAsync"/> had completed, or in a way that <see cref="SendAsync"/> did not throw for. Nobody
    /// knows whether the engine has them. Any thread.
    /// </summary>
    /// <param name="count">How many.</param>
    protected void CountUncertain(int count)
    {
        Interlocked.Add(ref _published, -count);
        Interlocked.Add(ref _uncertain, count);
    }

    /// <summary>
    /// Says that the engine cannot subscribe to a channel now. It counts as not subscribed until <see cref="Resubscribe"/>. Call it within <see cref="SubscribeAsync"/>.
    /// </summary>
    /// <param name="channel">One of the channels that <see cref="SubscribeAsync"/> was given.</param>
    protected void Postpone(BusChannel channel) => _subscriptions.Postpone(channel);

    /// <summary>Lets the bus call <see cref="SubscribeAsync"/> again for channels that were postponed, or whose subscription the engine has lost. Any thread.</summary>
    /// <param name="channels">The channels. Those that nobody is subscribed to are left out.</param>
    protected void Resubscribe(IEnumerable<BusChannel> channels) => _subscriptions.Repeat(channels);

    /// <summary>Tells the bus that the present connection has ended. Any thread; further calls for the same connection do nothing.</summary>
    /// <param name="exception">Why, if the engine's client says so.</param>
    protected void OnConnectionLost(Exception? exception) =>
        _lost.TrySetResult(exception ?? new IOException($"The connection to {Name} has ended."));

    private void Drop(int count)
    {
        if (count == 0) return;
        var dropped = Interlocked.Add(ref _dropped, count);
        if (_dropLine.IsDue(_time)) LogDropped(_logger, Name, dropped, State.InWords());
    }
}
