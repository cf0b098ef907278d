using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SocketIOServer.EngineIO;

/// <summary>What a meter sees of the sessions of some engine servers. While nobody listens each call is one look at a field.</summary>
/// <remarks>Who listens is the program's code, and runs in the middle of the server's work: what it throws is logged and goes no further.</remarks>
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
        // Counted when somebody asks, from the table that is there anyway: a counter that only goes on while someone listens
        // would be wrong for whoever begins to listen later.
        meter.CreateObservableUpDownCounter("socketio.server.connections", () => Sum(static session => session.IsOpen ? 1 : 0), "{connection}", "Open connections.");
        meter.CreateObservableUpDownCounter("socketio.server.queued", () => Sum(static session => session.Outbox.Bytes), "By", "Bytes that wait for clients to take them.");
    }

    /// <summary>One packet, whole and read.</summary>
    public void OnPacket(EngineSession session)
    {
        if (_packets.Enabled) Add(_packets, 1, "receive", session.Transport.Name);
    }

    /// <summary>A request's body or a WebSocket message.</summary>
    public void OnReceived(string transport, int bytes)
    {
        if (_bytes.Enabled) Add(_bytes, bytes, "receive", transport);
    }

    /// <summary>One packet in a WebSocket message.</summary>
    public void OnSent(string transport, int bytes) => Send(transport, 1, bytes);

    /// <summary>Several in a response.</summary>
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

    /// <summary>Whoever listens to meters or traces threw: told once at a level that is seen, for it may do so at every packet.</summary>
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
            // A MeterListener's callback.
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
        // A kind that was there once goes on as zero: what is not reported stays in a chart as it was last.
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
