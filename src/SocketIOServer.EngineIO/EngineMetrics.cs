using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SocketIOServer.EngineIO;

/// <summary>The metrics of the sessions of some engine servers. While nothing listens to the meter, each call only reads a field.</summary>
/// <remarks>Listeners are application code, and they run in the middle of the server's work. Their exceptions are logged and go no further.</remarks>
internal sealed partial class EngineMetrics
{
    private const string Direction = "network.io.direction";
    private const string Transport = "socketio.transport";
    private const string Protocol = "socketio.protocol";
    private const string Reason = "socketio.reason";

    private readonly ConcurrentDictionary<(string Transport, string Protocol), bool> _kinds = new();
    private readonly Func<IEnumerable<EngineServer>> _servers;
    private readonly Counter<long> _packets;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _slowClients;
    private readonly ILogger _logger;
    private int _hasFailed;

    public EngineMetrics(Meter meter, Func<IEnumerable<EngineServer>> servers, ILogger? logger = null)
    {
        _servers = servers;
        _logger = FencedLogger.Around(logger ?? NullLogger.Instance);
        _packets = meter.CreateCounter<long>("socketio.server.packets", "{packet}", "Engine.IO packets that came and went.");
        _bytes = meter.CreateCounter<long>("socketio.server.io", "By", "Bytes of request and response bodies and of WebSocket messages.");
        _refusals = meter.CreateCounter<long>("socketio.server.refusals", "{refusal}", "Requests that led to no session, and clients kept out of a namespace.");
        _slowClients = meter.CreateCounter<long>("socketio.server.slow_clients", "{client}", "Clients closed because more than MaxQueuedBytes waited for them.");
        // Counted from the table when a listener asks. A counter that is updated only while something listens would be wrong for later listeners.
        meter.CreateObservableUpDownCounter("socketio.server.connections", () => Sum(static session => session.IsOpen ? 1 : 0), "{connection}", "Open connections.");
        meter.CreateObservableUpDownCounter("socketio.server.queued", () => Sum(static session => session.Outbox.Bytes), "By", "Bytes that wait for clients to take them.");
    }

    /// <summary>Called for each complete packet that was read.</summary>
    public void OnPacket(EngineSession session)
    {
        if (_packets.Enabled) Add(_packets, 1, "receive", session.Transport.Name);
    }

    /// <summary>Called for each request body or WebSocket message.</summary>
    public void OnReceived(string transport, int bytes)
    {
        if (_bytes.Enabled) Add(_bytes, bytes, "receive", transport);
    }

    /// <summary>Called for each packet that is sent in a WebSocket message.</summary>
    public void OnSent(string transport, int bytes) => Send(transport, 1, bytes);

    /// <summary>Called for the packets of a response.</summary>
    public void OnSent(string transport, ReadOnlySpan<OutgoingMessage> batch, int bytes)
    {
        if (!_packets.Enabled && !_bytes.Enabled) return;
        var packets = 0;
        foreach (var message in batch) packets += message.Count;
        Send(transport, packets, bytes);
    }

    public void OnRefused(string reason)
    {
        if (_refusals.Enabled) Add(_refusals, new(Reason, reason));
    }

    public void OnClosed(EngineSession session, CloseReason reason)
    {
        if (reason == CloseReason.SlowClient && _slowClients.Enabled) Add(_slowClients, new(Transport, session.Transport.Name));
    }

    /// <summary>Called when a listener of meters or traces threw. Logged at Error once, because it can happen for every packet.</summary>
    public void OnListenerFailed(Exception error)
    {
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0) LogListenerFailed(_logger, error);
        else LogListenerFailedAgain(_logger, error);
    }

    private void Send(string transport, int packets, int bytes)
    {
        if (_packets.Enabled) Add(_packets, packets, "transmit", transport);
        if (_bytes.Enabled) Add(_bytes, bytes, "transmit", transport);
    }

    private void Add(Counter<long> counter, long amount, string direction, string transport)
    {
        try
        {
            counter.Add(amount, new(Direction, direction), new(Transport, transport));
        }
        catch (Exception e)
        {
            // A MeterListener's callback can throw.
            OnListenerFailed(e);
        }
    }

    private void Add(Counter<long> counter, KeyValuePair<string, object?> tag)
    {
        try
        {
            counter.Add(1, tag);
        }
        catch (Exception e)
        {
            // As above.
            OnListenerFailed(e);
        }
    }

    private List<Measurement<long>> Sum(Func<EngineSession, long> amount)
    {
        // A combination that has occurred is still reported as zero. Otherwise a chart would keep its last value.
        var sums = _kinds.ToDictionary(entry => entry.Key, _ => 0L);
        foreach (var session in _servers().SelectMany(server => server.Sessions.All))
        {
            var kind = (session.Transport.Name, session.Protocol.Name);
            sums[kind] = sums.GetValueOrDefault(kind) + amount(session);
            _kinds.TryAdd(kind, true);
        }

        return [.. sums.Select(sum => new Measurement<long>(sum.Value, new(Transport, sum.Key.Transport), new(Protocol, sum.Key.Protocol)))];
    }
}
