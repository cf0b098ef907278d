using System.Diagnostics;

namespace LoadGenerator;

/// <summary>
/// In each room the first client emits and all receive; a broadcast is over when the last has it, and then that room's next one starts.
/// Without rooms to join, everybody is in one.
/// </summary>
internal sealed class BroadcastScenario : Scenario
{
    private readonly int _inFlight;
    private readonly Exchange[] _joins;
    private readonly Room[] _rooms;
    private int _joining;

    /// <param name="dialect">The protocol.</param>
    /// <param name="inFlight">Broadcasts in flight in each room.</param>
    /// <param name="broadcasts">One for each room; clients go to the rooms in turn.</param>
    /// <param name="joins">How a client gets into each room; none if it is there by connecting.</param>
    public BroadcastScenario(Dialect dialect, int inFlight, Exchange[] broadcasts, Exchange[] joins)
        : base(dialect)
    {
        _inFlight = inFlight;
        _joins = joins;
        _rooms = [.. broadcasts.Select(b => new Room(b, inFlight))];
    }

    public override string Path => Dialect.BroadcastPath;

    public override void Start(Connection[] connections)
    {
        foreach (var connection in connections)
        {
            var room = _rooms[connection.Index % _rooms.Length];
            room.Sender ??= connection;
            room.Members++;
            if (_joins.Length == 0) continue;
            connection.Send(_joins[connection.Index % _rooms.Length].Request);
            _joining++;
        }

        AfterRound();
    }

    public override void OnMessage(Connection connection, int opcode, ReadOnlySpan<byte> payload)
    {
        var index = connection.Index % _rooms.Length;
        if (_joining > 0)
        {
            Check(opcode, payload, _joins[index].Answer[0]);
            _joining--;
            return;
        }

        var room = _rooms[index];
        Check(opcode, payload, room.Expected);

        // Nobody sees a broadcast before all have seen the one _inFlight earlier, so the slots never overlap.
        if (connection.Received >= room.Sent) throw new InvalidDataException("A broadcast came twice.");
        var slot = (int)(connection.Received++ % _inFlight);
        Latency.Add(Now - room.SentAt[slot]);
        Count++;
        InFlight--;
        if (--room.Missing[slot] == 0) room.ToSend++;
    }

    public override void AfterRound()
    {
        if (_joining > 0 || IsStopping) return;
        foreach (var room in _rooms)
        {
            InFlight += (long)room.ToSend * room.Members;
            if (room.ToSend > 0) room.Send();
        }
    }

    private sealed class Room(Exchange broadcast, int inFlight)
    {
        private readonly byte[] _requests = [.. Enumerable.Repeat(broadcast.Request, inFlight).SelectMany(r => r)];

        public Message Expected { get; } = broadcast.Answer[0];

        /// <summary>Deliveries still to come, a slot for each broadcast in flight.</summary>
        public int[] Missing { get; } = new int[inFlight];

        public long[] SentAt { get; } = new long[inFlight];

        public Connection? Sender { get; set; }

        public int Members { get; set; }

        public long Sent { get; private set; }

        public int ToSend { get; set; } = inFlight;

        public void Send()
        {
            var now = Stopwatch.GetTimestamp();
            for (var i = 0; i < ToSend; i++)
            {
                var slot = (int)(Sent++ % Missing.Length);
                Missing[slot] = Members;
                SentAt[slot] = now;
            }

            Sender!.Send(_requests.AsSpan(0, ToSend * broadcast.Request.Length));
            ToSend = 0;
        }
    }
}
