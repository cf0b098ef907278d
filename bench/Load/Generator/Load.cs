using System.Diagnostics;

namespace LoadGenerator;

/// <summary>Runs a scenario over its connections on the calling thread.</summary>
internal sealed class Load : IDisposable
{
    private static readonly long StallTicks = 10 * Stopwatch.Frequency;

    private readonly Poller _poller = new();
    private readonly Scenario _scenario;
    private readonly Connection[] _connections;
    private readonly byte[] _buffer = new byte[256 * 1024];

    public Load(Scenario scenario, int connections, int port, string? rawPath)
    {
        _scenario = scenario;
        _connections = new Connection[connections];
        for (var i = 0; i < connections; i++) _connections[i] = new Connection(port, rawPath);
        for (var i = 0; i < connections; i++) _poller.Add(_connections[i].File, i);
        scenario.Start(_connections);
    }

    public long Count => _scenario.Count;

    /// <summary>Lets messages flow for about <paramref name="seconds"/>; how long it really was, in seconds.</summary>
    public double RunFor(double seconds)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var (seen, seenAt) = (_scenario.Count, start);
        while (true)
        {
            var ready = _poller.Wait(100);
            for (var i = 0; i < ready; i++)
            {
                var connection = _connections[_poller.IndexOf(i)];
                _scenario.Now = Stopwatch.GetTimestamp();
                connection.Read(_buffer, _scenario);
                _scenario.AfterRead(connection);
            }

            _scenario.AfterRound();
            var now = Stopwatch.GetTimestamp();
            if (_scenario.Count != seen) (seen, seenAt) = (_scenario.Count, now);
            else if (now - seenAt > StallTicks) throw new TimeoutException("No message for 10 s: the server has lost one, or stands still.");
            if (now >= end) return (now - start) / (double)Stopwatch.Frequency;
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }
}
