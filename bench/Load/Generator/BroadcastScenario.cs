using System.Diagnostics;
using System.Text;

namespace LoadGenerator;

/// <summary>The first client emits, all receive; a broadcast is over when the last has it, and then the next one starts.</summary>
internal sealed class BroadcastScenario : Scenario
{
    private readonly int _inFlight;
    private readonly byte[] _frame;
    private readonly byte[] _expected;
    private readonly int[] _missing;       // deliveries still to come, a slot for each broadcast in flight
    private readonly long[] _sentAt;
    private Connection[] _connections = [];
    private long _sent;
    private int _toSend;

    /// <param name="inFlight">Broadcasts in flight.</param>
    /// <param name="size">Length of the one argument, a string.</param>
    public BroadcastScenario(int inFlight, int size)
    {
        _inFlight = inFlight;
        var text = $"42[\"bcast\",\"{new string('x', size)}\"]";
        _frame = Frames.Build(text);
        _expected = Encoding.ASCII.GetBytes(text);
        _missing = new int[inFlight];
        _sentAt = new long[inFlight];
    }

    public override void Start(Connection[] connections)
    {
        _connections = connections;
        _toSend = _inFlight;
        AfterRound();
    }

    public override void OnMessage(Connection connection, ReadOnlySpan<byte> payload)
    {
        Check(payload, _expected);

        // Nobody sees a broadcast before all have seen the one _inFlight earlier, so the slots never overlap.
        var slot = (int)(connection.Received++ % _inFlight);
        Latency.Add(Now - _sentAt[slot]);
        Count++;
        if (--_missing[slot] == 0) _toSend++;
    }

    public override void AfterRound()
    {
        if (_toSend == 0) return;
        var batch = new byte[_toSend * _frame.Length];
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < _toSend; i++)
        {
            var slot = (int)(_sent++ % _inFlight);
            _missing[slot] = _connections.Length;
            _sentAt[slot] = now;
            _frame.CopyTo(batch, i * _frame.Length);
        }

        _toSend = 0;
        _connections[0].Send(batch);
    }
}
