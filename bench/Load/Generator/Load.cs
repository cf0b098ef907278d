using System.Diagnostics;

namespace LoadGenerator;

/// <summary>Runs a scenario over its connections on the calling thread.</summary>
internal sealed class Load : IDisposable
{
    private const int FinishTenths = 100;

    private static readonly long StallTicks = 10 * Stopwatch.Frequency;
    private static readonly long KeepAliveTicks = 15 * Stopwatch.Frequency;

    private readonly Poller _poller = new();
    private readonly Scenario _scenario;
    private readonly int _port;
    private readonly byte[] _buffer = new byte[256 * 1024];
    private Connection[] _connections = [];
    private long _keepAliveAt;
    private int _keptAlive;

    public Load(Scenario scenario, int connections, int port)
    {
        _scenario = scenario;
        _port = port;
        _keepAliveAt = scenario.Dialect.KeepAlive.Length > 0 ? Stopwatch.GetTimestamp() : long.MaxValue;
        Open(connections);
        scenario.Start(_connections);
    }

    public long Count => _scenario.Count;

    /// <summary>Opens more connections, one after the other; those already open are looked after meanwhile.</summary>
    public void Open(int connections)
    {
        var first = _connections.Length;
        Array.Resize(ref _connections, first + connections);
        for (var i = first; i < _connections.Length; i++)
        {
            var connection = Connect(i);
            while (connection.Stage == Stage.Opening)
            {
                if (Stopwatch.GetTimestamp() - connection.CreatedAt > StallTicks) throw new TimeoutException("A connection did not open within 10 s.");
                Round();
            }
        }
    }

    /// <summary>
    /// Lets messages flow for about <paramref name="seconds"/>, and until so many are counted: less than one for each client says little of a
    /// slow server. How long it really was, in seconds.
    /// </summary>
    public double RunFor(double seconds, int atLeast = 0)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var enough = _scenario.Count + atLeast;
        var (seen, seenAt) = (_scenario.Count, start);
        while (true)
        {
            Round();
            _scenario.AfterRound();
            var now = Stopwatch.GetTimestamp();
            if (_scenario.Count != seen) (seen, seenAt) = (_scenario.Count, now);
            else if (now - seenAt > StallTicks) throw new TimeoutException("No message for 10 s: the server has lost one, or stands still.");
            if (now >= end && seen >= enough) return (now - start) / (double)Stopwatch.Frequency;
        }
    }

    /// <summary>Stops sending and waits for what is in flight: a message lost or doubled beside all the others must not pass unseen.</summary>
    public void Finish()
    {
        _scenario.IsStopping = true;
        var seen = -1L;
        for (var tenths = 0; _scenario.InFlight > 0 && tenths < FinishTenths; tenths++)
        {
            seen = _scenario.Count;
            RunFor(0.1);
        }

        if (_scenario.InFlight > 0 && _scenario.Count > seen) return;   // at a fixed rate a slow server may be minutes behind
        RunFor(0.1);
        if (_scenario.InFlight != 0) throw new InvalidDataException($"Of what was sent, {_scenario.InFlight} did not come back (if negative, came twice).");
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            if (connection.Stage != Stage.Ended) connection.Dispose();
    }

    private void Round()
    {
        var ready = _poller.Wait(_scenario.Patience);
        for (var i = 0; i < ready; i++)
        {
            var index = _poller.IndexOf(i);
            var connection = _connections[index];
            _scenario.Now = Stopwatch.GetTimestamp();
            connection.Read(_poller.FileOf(i), _buffer, _scenario);
            if (connection.Stage != Stage.Ended)
            {
                _scenario.AfterRead(connection);
                continue;
            }

            _scenario.OnEnd(connection);
            connection.Dispose();
            if (!_scenario.IsStopping) Connect(index);
        }

        if (Stopwatch.GetTimestamp() >= _keepAliveAt) KeepAlive();
    }

    private Connection Connect(int index)
    {
        var connection = _scenario.Dialect.Connect(index, _port, _scenario.Path);
        connection.Watch(_poller);
        return _connections[index] = connection;
    }

    /// <summary>Spread evenly: they must not come as a wave into a measurement.</summary>
    private void KeepAlive()
    {
        for (var now = Stopwatch.GetTimestamp(); _keepAliveAt <= now; _keepAliveAt += KeepAliveTicks / _connections.Length)
        {
            if (_connections[_keptAlive++ % _connections.Length] is { Stage: Stage.Open } connection) connection.Send(_scenario.Dialect.KeepAlive);
        }
    }
}
