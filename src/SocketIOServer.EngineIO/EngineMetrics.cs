using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO;

/// <summary>What a meter sees of the sessions of some engine servers. While nobody listens each call is one look at a field.</summary>
internal sealed class EngineMetrics
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

    public EngineMetrics(Meter meter, Func<IEnumerable<EngineServer>> servers)
    {
        _servers = servers;
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
        if (_packets.Enabled) _packets.Add(1, new(Direction, "receive"), new(Transport, session.Transport.Name));
    }

    /// <summary>A request's body or a WebSocket message.</summary>
    public void OnReceived(string transport, int bytes)
    {
        if (_bytes.Enabled) _bytes.Add(bytes, new(Direction, "receive"), new(Transport, transport));
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
        if (_refusals.Enabled) _refusals.Add(1, new KeyValuePair<string, object?>(Reason, reason));
    }

    public void OnClosed(EngineSession session, CloseReason reason)
    {
        if (reason == CloseReason.SlowClient && _slowClients.Enabled) _slowClients.Add(1, new KeyValuePair<string, object?>(Transport, session.Transport.Name));
    }

    private void Send(string transport, int packets, int bytes)
    {
        if (_packets.Enabled) _packets.Add(packets, new(Direction, "transmit"), new(Transport, transport));
        if (_bytes.Enabled) _bytes.Add(bytes, new(Direction, "transmit"), new(Transport, transport));
    }

    private List<Measurement<long>> Sum(Func<EngineSession, long> amount)
    {
        // A kind that was there once goes on as zero: what is not reported stays in a chart as it was last.
        var sums = _kinds.ToDictionary(entry => entry.Key, _ => 0L);
        foreach (var session in _servers().SelectMany(server => server.Sessions))
        {
            var kind = (session.Transport.Name, session.Protocol.Name);
            sums[kind] = sums.GetValueOrDefault(kind) + amount(session);
            _kinds.TryAdd(kind, true);
        }

        return [.. sums.Select(sum => new Measurement<long>(sum.Value, new(Transport, sum.Key.Transport), new(Protocol, sum.Key.Protocol)))];
    }
}
