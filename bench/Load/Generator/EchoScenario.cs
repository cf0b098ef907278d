using System.Diagnostics;
using System.Text;

namespace LoadGenerator;

/// <summary>Every client keeps a fixed number of messages in flight; each comes back as an event of the same name, or as its ack.</summary>
internal sealed class EchoScenario : Scenario
{
    private readonly int _inFlight;
    private readonly int _frameLength;
    private readonly byte[][] _answers;
    private readonly byte[] _frames;      // of all slots, twice: any run of at most _inFlight of them is one slice
    private int _answered;

    /// <param name="inFlight">Messages in flight a client.</param>
    /// <param name="size">Length of the one argument, a string.</param>
    /// <param name="isAck">Whether the answer is an ack.</param>
    /// <param name="isRaw">Whether the server just returns the frame; then nothing can be an ack.</param>
    public EchoScenario(int inFlight, int size, bool isAck, bool isRaw)
    {
        _inFlight = inFlight;
        var text = new string('x', size);
        var frames = new byte[inFlight][];
        _answers = new byte[inFlight][];
        for (var slot = 0; slot < inFlight; slot++)
        {
            var id = 100 + slot;         // three digits for all, so that all frames are equally long
            var request = isAck ? $"42{id}[\"ack\",\"{text}\"]" : $"42[\"echo\",\"{text}\"]";
            frames[slot] = Frames.Build(request);
            _answers[slot] = Encoding.ASCII.GetBytes(isAck && !isRaw ? $"43{id}[\"{text}\"]" : request);
        }

        _frameLength = frames[0].Length;
        _frames = [.. frames.SelectMany(f => f), .. frames.SelectMany(f => f)];
    }

    public override void Start(Connection[] connections)
    {
        foreach (var connection in connections)
        {
            connection.SentAt = new long[_inFlight];
            Array.Fill(connection.SentAt, Stopwatch.GetTimestamp());
            connection.Send(_frames.AsSpan(0, _inFlight * _frameLength));
        }
    }

    public override void OnMessage(Connection connection, ReadOnlySpan<byte> payload)
    {
        // Answers come in the order of the questions: every server here promises that, and comparing the whole text proves it.
        var slot = (int)(connection.Received++ % _inFlight);
        Check(payload, _answers[slot]);
        Latency.Add(Now - connection.SentAt[slot]);
        connection.SentAt[slot] = Now;
        _answered++;
    }

    public override void AfterRead(Connection connection)
    {
        if (_answered == 0) return;
        var first = (int)((connection.Received - _answered) % _inFlight);
        connection.Send(_frames.AsSpan(first * _frameLength, _answered * _frameLength));
        Count += _answered;
        _answered = 0;
    }
}
