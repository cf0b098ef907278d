using System.Diagnostics;

namespace LoadGenerator;

/// <summary>
/// An open loop: messages leave at fixed times whatever has come back, evenly spaced over all clients and so over each.
/// Latency counts from when a message was due, so that what waits because the server (or this generator) stood still is in it.
/// </summary>
internal sealed class FixedRateScenario(Dialect dialect, Exchange exchange, int perSecond) : Scenario(dialect)
{
    private readonly long _interval = Stopwatch.Frequency / perSecond;
    private Connection[] _connections = [];
    private long _startedAt;
    private long _sent;

    /// <summary>Sleeping would make messages late.</summary>
    public override int Patience => 0;

    public override void Start(Connection[] connections)
    {
        _connections = connections;
        _startedAt = Stopwatch.GetTimestamp();
    }

    public override void OnMessage(Connection connection, int opcode, ReadOnlySpan<byte> payload)
    {
        Check(opcode, payload, exchange.Answer[0]);
        Latency.Add(Now - DueAt((connection.Received++ * _connections.Length) + connection.Index));
        Count++;
        InFlight--;
    }

    public override void AfterRound()
    {
        if (IsStopping) return;
        for (var now = Stopwatch.GetTimestamp(); DueAt(_sent) <= now; _sent++)
        {
            _connections[_sent % _connections.Length].Send(exchange.Request);
            InFlight++;
        }
    }

    private long DueAt(long message) => _startedAt + (message * _interval);
}
