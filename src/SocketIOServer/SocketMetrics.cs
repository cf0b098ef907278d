using System.Diagnostics.Metrics;
using SocketIOServer.EngineIO;

namespace SocketIOServer;

/// <summary>What a meter sees of namespaces and handlers, on top of what it sees of the engine.</summary>
internal sealed class SocketMetrics
{
    // In seconds. Most handlers take less than what ASP.NET's own histograms begin with.
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private readonly Histogram<double> _duration;
    private readonly SocketServer _server;

    public SocketMetrics(Meter meter, SocketServer server)
    {
        _server = server;
        Engine = new(meter, () => server.Engines, server.Logger);
        _duration = meter.CreateHistogram("socketio.server.event.duration", "s", "How long handlers take.", tags: null, Buckets);
        meter.CreateObservableUpDownCounter("socketio.server.sockets", CountSockets, "{socket}", "Sockets in a namespace of this server.");
    }

    // A factory puts its mark on the one it is given.
    public static MeterOptions MeterOptions => new(Tracing.Name) { Version = Tracing.Version };

    public EngineMetrics Engine { get; }

    public bool TimesHandlers => _duration.Enabled;

    /// <summary>A client was kept out of a namespace.</summary>
    public void OnRefused(string reason) => Engine.OnRefused(reason);

    /// <param name="begin">When it began, in ticks of the server's time.</param>
    /// <param name="handler">The declared name, never one that a client chose: each value is kept for ever.</param>
    /// <param name="name">The namespace.</param>
    /// <param name="error">What kind of error it ended with; null: none.</param>
    public void OnHandled(long begin, string handler, string name, string? error)
    {
        try
        {
            var duration = _server.Time.GetElapsedTime(begin);
            if (error is null) _duration.Record(duration.TotalSeconds, new(Tracing.Event, handler), new(Tracing.Namespace, name));
            else _duration.Record(duration.TotalSeconds, new(Tracing.Event, handler), new(Tracing.Namespace, name), new(Tracing.Error, error));
        }
        catch (Exception e)
        {
            // A MeterListener's callback, or the program's TimeProvider.
            Engine.OnListenerFailed(e);
        }
    }

    private IEnumerable<Measurement<int>> CountSockets() =>
        _server.Namespaces.Concat(_server.Dynamic.Open).GroupBy(@namespace => @namespace.MetricName).Select(group =>
            new Measurement<int>(group.Sum(@namespace => @namespace.SocketCount), new KeyValuePair<string, object?>(Tracing.Namespace, group.Key)));
}
