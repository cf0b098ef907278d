using Microsoft.Extensions.Logging;
using SocketIOServer.Adapters;
using SocketIOServer.Cluster;

namespace SocketIOServer.Redis;

/// <summary>
/// A log over streams of Redis. Entries are written with XADD and read with a blocking XREAD, always from the last entry that was read and never from "$", so
/// an outage loses nothing that the stream still has. An entry that was sent when the connection ended may or may not be in the stream: it is sent again if it
/// was not found there.
/// </summary>
internal sealed partial class StreamLog : IClusterLog
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(1);

    private readonly RedisStreamsOptions _options;
    private readonly StreamConnections _connections;
    private readonly StreamNames _names;
    private readonly StreamOutbox _outbox;
    private readonly Dictionary<string, StreamPosition> _positions;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _unreadByNode = [];
    private readonly Lock _gate = new();
    private ILogListener? _listener;
    private bool _readsEarlier;
    private Task? _running;
    private int _state;
    private long _appended;
    private long _read;
    private long _dropped;
    private long _nextDropWarning = long.MinValue;

    public StreamLog(StackExchange.Redis.ConfigurationOptions configuration, RedisStreamsOptions options, TimeProvider time, ILogger logger)
    {
        options.Validate();
        (_options, _time, _logger) = (options, time, logger);
        _connections = new(configuration, options);
        Sessions = new RedisSessionStore(() => _connections.Writer, options.SessionPrefix);
        _names = new(options.StreamName, options.StreamCount);
        _outbox = new(_names.All, options.MaxQueuedMessages, options.MaxQueuedBytes, time);
        _positions = _names.All.ToDictionary(static name => name, static name => new StreamPosition(name), StringComparer.Ordinal);
    }

    public event Action<BusState>? StateChanged;

    public string Name => "redis streams";

    public string Layout => $"{_options.StreamName} {_options.StreamCount} {_options.SessionPrefix}";

    public bool DeliversInOrder => _options.DeliversInOrder;

    public BusState State => (BusState)Volatile.Read(ref _state);

    public BusStatistics Statistics
    {
        get
        {
            var (messages, bytes) = _outbox.Size;
            return new(Interlocked.Read(ref _appended), Interlocked.Read(ref _read), Interlocked.Read(ref _dropped), messages, bytes);
        }
    }

    public ISessionStore? Sessions { get; }

    public EntryId? ReadFrom(string @namespace) => _positions[_names.Of(@namespace)].From;

    public EntryId? ReadUpTo(string @namespace) => _positions[_names.Of(@namespace)] is { From: not null } position ? position.Read : null;

    /// <summary>Up to where a stream was read.</summary>
    public EntryId ReadUpToOf(string stream) => _positions[stream].Read;

    public Task StartAsync(ILogListener listener, bool readsEarlier, CancellationToken cancel)
    {
        lock (_gate)
        {
            _listener = listener;
            _readsEarlier = readsEarlier;
            _running ??= Task.Run(RunAsync, CancellationToken.None);
        }

        return _firstAttempt.Task.WaitAsync(cancel);
    }

    public bool Append(LogEntry entry)
    {
        // While Redis is away, entries wait. One that is volatile is worth nothing later.
        if (!(entry.IsVolatile && State is BusState.Down or BusState.Deaf) && _outbox.TryAdd(_names.Of(entry.Namespace), entry)) return true;
        Drop(1);
        return false;
    }

    public void Use(string @namespace)
    {
        if (_names.IsReadByNode(@namespace)) return;
        var stream = _names.Of(@namespace);
        lock (_gate)
        {
            if (!_unreadByNode.Add(stream)) return;
        }

        LogUnreadByNode(_logger, @namespace, stream);
    }

    public async ValueTask DisposeAsync()
    {
        // What the server has said last still goes out.
        if (State == BusState.Alive) await _outbox.EmptyAsync().WaitAsync(FlushTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopped.CancelAsync();
        Task? running;
        lock (_gate) running = _running;
        if (running is not null) await running;
    }

    private void DropOld()
    {
        var dropped = _outbox.Drop(_options.MaxWait);
        foreach (var entry in dropped) _listener!.OnDropped(entry);
        Drop(dropped.Count);
    }

    private void Drop(int count)
    {
        if (count == 0) return;
        var dropped = Interlocked.Add(ref _dropped, count);
        var now = _time.GetTimestamp();
        var next = Interlocked.Read(ref _nextDropWarning);
        if (now < next || Interlocked.CompareExchange(ref _nextDropWarning, now + 10 * _time.TimestampFrequency, next) != next) return;
        LogDropped(_logger, dropped, InWords(State));
    }
}
