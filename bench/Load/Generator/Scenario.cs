using System.Text;

namespace LoadGenerator;

/// <summary>Who sends what, and when the next: mostly a closed loop, each answer calls for the next message.</summary>
internal abstract class Scenario(Dialect dialect)
{
    public Dialect Dialect { get; } = dialect;

    /// <summary>What its clients ask for when they connect.</summary>
    public virtual string Path => Dialect.Path;

    public Histogram Latency { get; } = new();

    /// <summary>Messages answered, deliveries received or connections made.</summary>
    public long Count { get; protected set; }

    /// <summary>What is still to come; a scenario that stops ends with none.</summary>
    public long InFlight { get; protected set; }

    /// <summary>Set at the end: nothing more is sent.</summary>
    public bool IsStopping { get; set; }

    /// <summary>When the read that is being handled returned; one reading of the clock serves all messages in it.</summary>
    public long Now { get; set; }

    /// <summary>Milliseconds to wait for something to read.</summary>
    public virtual int Patience => 100;

    /// <summary>Puts the first messages in flight.</summary>
    public abstract void Start(Connection[] connections);

    public abstract void OnMessage(Connection connection, int opcode, ReadOnlySpan<byte> payload);

    /// <summary>After all messages of one read: what they call for leaves in one write, as a busy client's would.</summary>
    public virtual void AfterRead(Connection connection) { }

    /// <summary>A connection's life is over, and another will take its place.</summary>
    public virtual void OnEnd(Connection connection) => throw new InvalidOperationException("Nobody wanted this connection to end.");

    /// <summary>After one look at all readable connections.</summary>
    public virtual void AfterRound() { }

    protected static void Check(int opcode, ReadOnlySpan<byte> payload, Message expected)
    {
        if (opcode != expected.Opcode || !payload.SequenceEqual(expected.Payload))
            throw new InvalidDataException($"Expected {Encoding.UTF8.GetString(expected.Payload)} ({expected.Opcode}), got {Encoding.UTF8.GetString(payload)} ({opcode})");
    }
}
