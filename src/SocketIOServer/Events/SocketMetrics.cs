using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SocketIOServer.Cluster;
using SocketIOServer.EngineIO;
using SocketIOServer.Inboxes;
using SocketIOServer.Recovery;
using SocketIOServer.Retries;

namespace SocketIOServer.Events;

/// <summary>The instruments for namespaces and handlers, and those of the engine.</summary>
internal sealed class SocketMetrics
{
    // In seconds. Most handlers take less time than the smallest bucket of ASP.NET's histograms.
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private readonly Histogram<double> _duration;
    private readonly TimeProvider _time;
    private Counter<long>? _recoveries;
    private Counter<long>? _replayed;
    private Counter<long>? _repeated;
    private Counter<long>? _inbox;
    private Counter<long>? _late;

    /// <param name="meter">Where the instruments belong.</param>
    /// <param name="time">The server's clock.</param>
    /// <param name="logger">The server's log.</param>
    /// <param name="engines">The engines at the moment of the call.</param>
    /// <param name="countSockets">Sockets by the metric name of their namespace; a name may come several times.</param>
    public SocketMetrics(
        Meter meter, TimeProvider time, ILogger logger, Func<IReadOnlyCollection<EngineServer>> engines, Func<IEnumerable<KeyValuePair<string, int>>> countSockets)
    {
        _time = time;
        Engine = new(meter, engines, logger);
        _duration = meter.CreateHistogram("socketio.server.event.duration", "s", "How long handlers take.", tags: null, Buckets);
        meter.CreateObservableUpDownCounter("socketio.server.sockets", () => CountSockets(countSockets()), "{socket}", "Sockets in a namespace of this server.");
    }

    // A new object each time, because a meter factory changes it.
    public static MeterOptions MeterOptions => new(Tracing.Name) { Version = Tracing.Version };

    public EngineMetrics Engine { get; }

    /// <summary>What goes to and comes from other servers, over each bus.</summary>
    public static void Observe(Meter meter, ClusterNode? node, IReadOnlyList<ClusterBridge> bridges)
    {
        if (node is null && bridges.Count == 0) return;
        meter.CreateObservableCounter("socketio.server.cluster.published", () => OfEach(static bus => bus.Published), "{message}", "Messages that were published to other servers.");
        meter.CreateObservableCounter("socketio.server.cluster.received", () => OfEach(static bus => bus.Received), "{message}", "Messages that came over the bus.");
        meter.CreateObservableCounter("socketio.server.cluster.dropped", () => OfEach(static bus => bus.Dropped), "{message}", "Messages that were not published, because the bus was not connected or its queue was full.");
        meter.CreateObservableCounter("socketio.server.cluster.uncertain", () => OfEach(static bus => bus.Uncertain), "{message}", "Messages whose publication failed on the way. They are not published again.");
        meter.CreateObservableCounter(
            "socketio.server.cluster.poisoned",
            () => bridges.Select(static bridge => Of(bridge.Bus, bridge.Poisoned)).Concat(node is null ? [] : [Of(node.Bus, node.Poisoned)]),
            "{message}",
            "Messages of other servers that were refused.");
        if (node is null) return;
        // Not a counter: a message that was overtaken counts as lost until it comes.
        meter.CreateObservableUpDownCounter("socketio.server.cluster.gaps", () => node.Gaps, "{message}", "Messages of other servers that did not arrive.");
        meter.CreateObservableCounter("socketio.server.cluster.log_gaps", () => node.LogGaps, "{gap}", "Times that entries were removed from the log before this server read them.");
        meter.CreateObservableCounter("socketio.server.cluster.unordered", () => node.Unordered, "{message}", "Events that were delivered before their place in the log was known.");
        meter.CreateObservableCounter(
            "socketio.server.cluster.forwarded", () => Forwarded(node), "{request}", "Requests of clients that were forwarded to the server that has the session.");
        meter.CreateObservableUpDownCounter("socketio.server.cluster.nodes", () => node.Members.Count + 1, "{node}", "Servers of the cluster, this one included.");

        IEnumerable<Measurement<long>> OfEach(Func<BusStatistics, long> count) =>
            bridges.Select(bridge => Of(bridge.Bus, count(bridge.Bus.Statistics))).Concat(node is null ? [] : [Of(node.Bus, count(node.Statistics))]);

        static Measurement<long> Of(IClusterBus bus, long count) => new(count, new KeyValuePair<string, object?>("socketio.bus", bus.Name));
    }

    /// <summary>What is kept for clients that come back, and what becomes of them.</summary>
    public void Observe(Meter meter, RecoveryStore store)
    {
        meter.CreateObservableUpDownCounter("socketio.server.recovery.sessions", () => store.SessionCount, "{session}", "Sessions whose clients may come back.");
        meter.CreateObservableUpDownCounter("socketio.server.recovery.bytes", () => store.Bytes, "By", "Events and sessions that are kept for clients that come back.");
        _recoveries = meter.CreateCounter<long>("socketio.server.recoveries", "{session}", "Sessions that clients asked for.");
        _replayed = meter.CreateCounter<long>("socketio.server.recovery.replayed", "{event}", "Events that were sent to clients that came back.");
    }

    /// <summary>What is kept for clients that join rooms later, and how much of it they get.</summary>
    public void ObserveHistory(Meter meter, Func<long> countBytes)
    {
        meter.CreateObservableUpDownCounter("socketio.server.history.bytes", countBytes, "By", "Events that are kept for clients that join later.");
        _late = meter.CreateCounter<long>("socketio.server.history.sent", "{event}", "Earlier events that were sent to clients that joined later.");
    }

    /// <summary>A client has got events from before it came.</summary>
    public void OnHistory(int count)
    {
        if (count == 0) return;
        try
        {
            _late?.Add(count);
        }
        catch (Exception e)
        {
            // A MeterListener's callback.
            Engine.OnListenerFailed(e);
        }
    }

    /// <summary>The events with a key.</summary>
    public void Observe(Meter meter, RetryStore store)
    {
        _repeated = meter.CreateCounter<long>("socketio.server.retries", "{event}", "Events that clients sent again, which were acked and not handled again.");
        meter.CreateObservableUpDownCounter("socketio.server.retry.keys", () => store.Count, "{key}", "Keys of handled events that are kept.");
        meter.CreateObservableUpDownCounter("socketio.server.retry.bytes", () => store.Bytes, "By", "Size of the keys and acks that are kept.");
    }

    /// <summary>Durable events.</summary>
    public void ObserveInbox(Meter meter, InMemoryInboxStore? store)
    {
        _inbox = meter.CreateCounter<long>("socketio.server.inbox.events", "{event}", "What became of durable events.");
        if (store is null) return;
        meter.CreateObservableUpDownCounter("socketio.server.inbox.pending", () => store.Count, "{event}", "Durable events that wait in the memory of this server.");
        meter.CreateObservableUpDownCounter("socketio.server.inbox.bytes", () => store.Bytes, "By", "Size of the durable events that wait in the memory of this server.");
        meter.CreateObservableCounter("socketio.server.inbox.crowded", () => store.Crowded, "{event}", "Durable events that were refused because the memory for all inboxes is nearly used up.");
        meter.CreateObservableCounter("socketio.server.inbox.expired", () => store.Expired, "{event}", "Durable events that nobody has acked in time.");
    }

    /// <param name="result">"added", "sent", "acked" or "refused".</param>
    public void OnInbox(string result)
    {
        try
        {
            _inbox?.Add(1, new KeyValuePair<string, object?>("result", result));
        }
        catch (Exception e)
        {
            // A MeterListener's callback.
            Engine.OnListenerFailed(e);
        }
    }

    /// <summary>An event came again that was handled.</summary>
    public void OnRepeated()
    {
        try
        {
            _repeated?.Add(1);
        }
        catch (Exception e)
        {
            // A MeterListener's callback.
            Engine.OnListenerFailed(e);
        }
    }

    /// <summary>A client has its session back, or not.</summary>
    /// <param name="result">"recovered", or why not.</param>
    /// <param name="replayed">How many events it had missed.</param>
    public void OnRecovery(string result, int replayed)
    {
        try
        {
            _recoveries?.Add(1, new KeyValuePair<string, object?>("result", result));
            if (replayed > 0) _replayed?.Add(replayed);
        }
        catch (Exception e)
        {
            // A MeterListener's callback.
            Engine.OnListenerFailed(e);
        }
    }

    public bool TimesHandlers => _duration.Enabled;

    /// <summary>A client was refused by a namespace.</summary>
    public void OnRefused(string reason) => Engine.OnRefused(reason);

    /// <param name="begin">The timestamp of its beginning, by the server's clock.</param>
    /// <param name="handler">The declared name, never one that a client chose: a metric keeps each value forever.</param>
    /// <param name="name">The namespace.</param>
    /// <param name="error">The kind of error that it ended with; null where there was none.</param>
    public void OnHandled(long begin, string handler, string name, string? error)
    {
        try
        {
            var duration = _time.GetElapsedTime(begin);
            if (error is null) _duration.Record(duration.TotalSeconds, new(Tracing.Event, handler), new(Tracing.Namespace, name));
            else _duration.Record(duration.TotalSeconds, new(Tracing.Event, handler), new(Tracing.Namespace, name), new(Tracing.Error, error));
        }
        catch (Exception e)
        {
            // A MeterListener's callback, or the program's TimeProvider.
            Engine.OnListenerFailed(e);
        }
    }

    private static Measurement<long>[] Forwarded(ClusterNode node) =>
    [
        new(node.Forwarded(ForwardKind.Poll), new KeyValuePair<string, object?>(Tracing.Kind, "poll")),
        new(node.Forwarded(ForwardKind.Post), new KeyValuePair<string, object?>(Tracing.Kind, "post")),
        new(node.Forwarded(ForwardKind.WebSocket), new KeyValuePair<string, object?>(Tracing.Kind, "websocket")),
    ];

    private static IEnumerable<Measurement<int>> CountSockets(IEnumerable<KeyValuePair<string, int>> counts) =>
        counts.GroupBy(static count => count.Key, static (name, group) => new Measurement<int>(
            group.Sum(static count => count.Value), new KeyValuePair<string, object?>(Tracing.Namespace, name)));
}
