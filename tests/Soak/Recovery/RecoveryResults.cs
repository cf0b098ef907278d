using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SocketIOServer.Soak.Recovery;

/// <summary>Why clients did or did not get their sessions back, as the metrics of this process say.</summary>
internal sealed class RecoveryResults : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();

    public RecoveryResults()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "socketio.server.recoveries") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _counts.AddOrUpdate((string)tags[0].Value!, value, (_, count) => count + value));
        _listener.Start();
    }

    /// <summary>
    /// A server has said that it may have missed events, or cannot know what a client has: on a machine that is too busy, Redis or another server does not answer in time. Then
    /// sessions are refused, openly.
    /// </summary>
    public bool HasDoubts => _counts.ContainsKey("gap") || _counts.ContainsKey("no_answer") || _counts.ContainsKey("behind");

    public override string ToString() => string.Join(", ", _counts.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Value} {one.Key}"));

    public void Dispose() => _listener.Dispose();
}
