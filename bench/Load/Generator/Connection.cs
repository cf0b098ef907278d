using System.Diagnostics;
using System.Text;

namespace LoadGenerator;

/// <summary>One client, from its connect to the end.</summary>
internal abstract class Connection(Dialect dialect, int index) : IDisposable
{
    private int _step;

    /// <summary>Its place among the clients of the load.</summary>
    public int Index { get; } = index;

    public long CreatedAt { get; } = Stopwatch.GetTimestamp();

    public Stage Stage { get; protected set; }

    /// <summary>When each message in flight was sent, a ring; <see cref="Received"/> tells which is next.</summary>
    public long[] SentAt { get; set; } = [];

    public long Received { get; set; }

    /// <summary>What has come of a message whose end has not; for dialects that cut messages themselves.</summary>
    public byte[] Unfinished { get; set; } = [];

    protected Dialect Dialect { get; } = dialect;

    public abstract void Watch(Poller poller);

    public abstract void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Reads once from <paramref name="file"/>, which has something, and gives every message to <paramref name="scenario"/>.</summary>
    public abstract void Read(int file, byte[] buffer, Scenario scenario);

    public void OnMessage(int opcode, ReadOnlySpan<byte> payload, Scenario scenario)
    {
        switch (Stage)
        {
            case Stage.Open:
                scenario.OnMessage(this, opcode, payload);
                break;
            case Stage.Opening:
                if (!payload.StartsWith(Dialect.Opening[_step].Hear)) throw new InvalidDataException("No handshake: " + Encoding.UTF8.GetString(payload));
                _step++;
                SayNextStep();
                break;
            default:
                break;   // on its way when the client said goodbye
        }
    }

    /// <summary>Says goodbye; <see cref="Read"/> finds the end.</summary>
    public virtual void Close() => throw new NotSupportedException();

    public abstract void Dispose();

    protected void SayNextStep()
    {
        if (_step == Dialect.Opening.Count) Stage = Stage.Open;
        else if (Dialect.Opening[_step].Say is { Length: > 0 } say) Send(say);
    }
}
