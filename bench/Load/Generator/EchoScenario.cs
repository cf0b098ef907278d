using System.Diagnostics;

namespace LoadGenerator;

/// <summary>Every client keeps a fixed number of messages in flight; each comes back as an event of the same name, or as its ack.</summary>
internal sealed class EchoScenario : Scenario
{
    private readonly int _inFlight;
    private readonly int _parts;          // of one answer
    private readonly int _requestLength;
    private readonly Message[] _answers;  // of all slots, part by part
    private readonly byte[] _requests;    // of all slots, twice: any run of at most _inFlight of them is one slice
    private int _answered;

    /// <param name="dialect">The protocol.</param>
    /// <param name="slots">One for each message in flight, all equally long.</param>
    public EchoScenario(Dialect dialect, params Exchange[] slots)
        : base(dialect)
    {
        _inFlight = slots.Length;
        _parts = slots[0].Answer.Length;
        _requestLength = slots[0].Request.Length;
        _answers = [.. slots.SelectMany(s => s.Answer)];
        byte[] once = [.. slots.SelectMany(s => s.Request)];
        _requests = [.. once, .. once];
    }

    public override void Start(Connection[] connections)
    {
        foreach (var connection in connections)
        {
            connection.SentAt = new long[_inFlight];
            Array.Fill(connection.SentAt, Stopwatch.GetTimestamp());
            connection.Send(_requests.AsSpan(0, _inFlight * _requestLength));
            InFlight += _inFlight;
        }
    }

    public override void OnMessage(Connection connection, int opcode, ReadOnlySpan<byte> payload)
    {
        // Answers come in the order of the questions: every server here promises that, and comparing the whole text proves it.
        var index = (int)(connection.Received++ % _answers.Length);
        Check(opcode, payload, _answers[index]);
        var (slot, part) = Math.DivRem(index, _parts);
        if (part < _parts - 1) return;
        Latency.Add(Now - connection.SentAt[slot]);
        connection.SentAt[slot] = Now;
        _answered++;
    }

    public override void AfterRead(Connection connection)
    {
        if (_answered == 0) return;
        var first = (int)(((connection.Received / _parts) - _answered) % _inFlight);
        if (IsStopping) InFlight -= _answered;
        else connection.Send(_requests.AsSpan(first * _requestLength, _answered * _requestLength));
        Count += _answered;
        _answered = 0;
    }
}
