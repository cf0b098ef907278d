using System.Diagnostics;

namespace LoadGenerator;

/// <summary>The first client emits, all receive; a broadcast is over when the last has it, and then the next one starts.</summary>
internal sealed class BroadcastScenario : Scenario
{
    private readonly int _inFlight;
    private readonly byte[] _requests;     // as many as can start at once
    private readonly int _requestLength;
    private readonly Message _expected;
    private readonly int[] _missing;       // deliveries still to come, a slot for each broadcast in flight
    private readonly long[] _sentAt;
    private Connection[] _connections = [];
    private long _sent;
    private int _toSend;

    public BroadcastScenario(Dialect dialect, Exchange exchange, int inFlight)
        : base(dialect)
    {
        _inFlight = inFlight;
        _requestLength = exchange.Request.Length;
        _requests = [.. Enumerable.Repeat(exchange.Request, inFlight).SelectMany(r => r)];
        _expected = exchange.Answer[0];
        _missing = new int[inFlight];
        _sentAt = new long[inFlight];
    }

    public override string Path => Dialect.BroadcastPath;

    public override void Start(Connection[] connections)
    {
        _connections = connections;
        _toSend = _inFlight;
        AfterRound();
    }

    public override void OnMessage(Connection connection, int opcode, ReadOnlySpan<byte> payload)
    {
        Check(opcode, payload, _expected);

        // Nobody sees a broadcast before all have seen the one _inFlight earlier, so the slots never overlap.
        var slot = (int)(connection.Received++ % _inFlight);
        Latency.Add(Now - _sentAt[slot]);
        Count++;
        if (--_missing[slot] == 0) _toSend++;
    }

    public override void AfterRound()
    {
        if (_toSend == 0) return;
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < _toSend; i++)
        {
            var slot = (int)(_sent++ % _inFlight);
            _missing[slot] = _connections.Length;
            _sentAt[slot] = now;
        }

        _connections[0].Send(_requests.AsSpan(0, _toSend * _requestLength));
        _toSend = 0;
    }
}
