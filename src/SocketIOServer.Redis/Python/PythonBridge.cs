using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SocketIOServer.Adapters;
using SocketIOServer.Cluster;

namespace SocketIOServer.Redis;

/// <summary>
/// The servers of python-socketio and Flask-SocketIO: one channel carries all namespaces. It drops what this process has published itself, hands each
/// message to the adapter of its namespace, and each answer to the call that waits for it.
/// </summary>
internal sealed partial class PythonBridge : ClusterBridge
{
    private readonly PythonOptions _options;
    private readonly ILogger _logger;
    private readonly string _hostId = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, bool> _notTold = new(StringComparer.Ordinal);
    private long _poisoned;
    private int _hasWarnedOfPickle;
    private int _hasWarnedOfLists;

    public PythonBridge(IClusterBus bus, PythonOptions options, ILogger logger)
        : base("python", bus)
    {
        options.Validate();
        (_options, _logger) = (options, logger);
        Writer = new(_hostId, options.DataForm);
        foreach (var channel in options.ListenTo.Append(options.Channel).Distinct(StringComparer.Ordinal)) bus.Subscribe(new(channel), OnMessage);
    }

    /// <summary>The namespaces that are in use here.</summary>
    public ConcurrentDictionary<string, PythonAdapter> InUse { get; } = new(StringComparer.Ordinal);

    public PythonCalls Calls { get; } = new();

    public PythonMessageWriter Writer { get; }

    public override long Poisoned => Interlocked.Read(ref _poisoned);

    public override Adapter Connect(AdapterContext context, Adapter inner) => new PythonAdapter(context, inner, this);

    public bool Publish(byte[] message) => Publish(_options.Channel, message);

    public bool Publish(string channel, byte[] message) => Bus.Publish(channel, message);

    public void OnPoisoned() => Interlocked.Increment(ref _poisoned);

    /// <summary>An event was sent that has so many arguments.</summary>
    public void OnEmit(int arguments)
    {
        if (arguments > 1 && _options.DataForm == PythonDataForm.Bare && Interlocked.Exchange(ref _hasWarnedOfLists, 1) == 0) LogList(_logger);
    }

    /// <summary>Python's servers cannot be told something.</summary>
    public void OnNotTold(string what)
    {
        if (_notTold.TryAdd(what, true)) LogNotTold(_logger, what);
    }

    private void OnMessage(string channel, ReadOnlySpan<byte> bytes)
    {
        if (!TryRead(bytes, out var message))
        {
            OnPoisoned();
            return;
        }

        var isOwn = message.HostId == _hostId;
        if (message.Method == PythonMethod.Callback)
        {
            if (isOwn) Calls.OnAnswered(message);
        }
        else if (!isOwn && InUse.TryGetValue(message.Namespace, out var adapter))
        {
            adapter.Receive(message, channel);
        }
    }

    private bool TryRead(ReadOnlySpan<byte> bytes, out PythonMessage message)
    {
        message = default;
        if (bytes.Length > _options.MaxMessageBytes) return false;
        if (!PickleReader.IsPickle(bytes)) return PythonMessageReader.TryRead(bytes, null, out message);
        if (_options.DecodePickle)
            return PickleJson.TryConvert(bytes, _options.MaxMessageBytes, out var json, out var attachments) && PythonMessageReader.TryRead(json.Span, attachments, out message);
        if (Interlocked.Exchange(ref _hasWarnedOfPickle, 1) == 0) LogPickle(_logger);
        return false;
    }

    [LoggerMessage(86, LogLevel.Warning, "A server of python-socketio before 5.14 publishes pickles, which are refused. Update it, or set PythonOptions.DecodePickle. This line is written once.")]
    private static partial void LogPickle(ILogger logger);

    [LoggerMessage(87, LogLevel.Warning, "With PythonDataForm.Bare, the clients of servers of Python get the arguments of an event with several of them as one list. This line is written once.")]
    private static partial void LogList(ILogger logger);

    [LoggerMessage(88, LogLevel.Warning, "Servers of Python are not told of {What}. This line is written once.")]
    private static partial void LogNotTold(ILogger logger, string what);
}
