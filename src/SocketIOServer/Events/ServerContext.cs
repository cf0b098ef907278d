using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SocketIOServer.Adapters;
using SocketIOServer.EngineIO;
using SocketIOServer.Inboxes;
using SocketIOServer.Json;
using SocketIOServer.Recovery;
using SocketIOServer.Retries;

namespace SocketIOServer.Events;

/// <summary>What all namespaces of one server share: its settings, and the services of the application.</summary>
internal sealed class ServerContext : IDisposable
{
    private readonly Lazy<ISessionRunner> _sessions;
    private readonly Meter _meter;

    /// <param name="options">The settings.</param>
    /// <param name="services">The services of the application.</param>
    /// <param name="engines">For metrics: the engines, one for each path.</param>
    /// <param name="countSockets">For metrics: how many sockets are in each namespace.</param>
    /// <param name="createSessions">Called when the first handler needs a session.</param>
    public ServerContext(
        SocketServerOptions options,
        IServiceProvider services,
        Func<IReadOnlyCollection<EngineServer>> engines,
        Func<IEnumerable<KeyValuePair<string, int>>> countSockets,
        Func<ISessionRunner> createSessions)
    {
        Options = options;
        Options.ValidateAll();
        Services = services;
        ServiceTypes = services.GetService<IServiceProviderIsService>();
        _sessions = new(createSessions);
        Logger = FencedLogger.Around(services.GetRequiredService<ILoggerFactory>().CreateLogger("SocketIOServer"));
        Running = new(Logger);
        SessionIds = new(options.GenerateId, Logger, options.Cluster is { } own ? own.TakeId : null);
        Time = FencedTime.Around(services.GetRequiredService<TimeProvider>(), Logger);
        Parser = FencedParser.Around(Options.Parser, Logger);
        AttachmentWarnings = new(Parser, Logger, Time);
        Encoder = new(Options.Json, Parser, Options.HasDefaultJson);
        Binder = new(ServiceTypes, Encoder.Options);
        Filters = [.. Options.Filters.Select(bind => bind(Binder))];
        _meter = services.GetService<IMeterFactory>()?.Create(SocketMetrics.MeterOptions) ?? new(SocketMetrics.MeterOptions);
        Metrics = new(_meter, Time, Logger, engines, countSockets);
        SocketMetrics.Observe(_meter, Options.Cluster, Options.Bridges);
        RecoveryStore = Options.Recovery is { } recovery ? new(recovery, Time) : null;
        if (RecoveryStore is not null) Metrics.Observe(_meter, RecoveryStore);
        Retries = new(Options.DeduplicateRetries, Time);
        Metrics.Observe(_meter, Retries);
        if (Options.Inbox is { } inbox)
        {
            InboxStore = services.GetService<IInboxStore>() ?? (OwnInboxes = new(inbox.MaxTotalBytes, Time, Logger));
            Metrics.ObserveInbox(_meter, OwnInboxes);
        }

        Limits = new(Options.MaxAttachments, Options.MaxPacketBytes ?? 10L * Options.MaxPayload, Options.MaxJsonDepth);
    }

    /// <summary>What an emitter needs of it: there is no engine and no client.</summary>
    public static ServerContext WithoutClients(SocketServerOptions options, IServiceProvider services) =>
        new(options, services, static () => [], static () => [], static () => throw new NotSupportedException("An emitter has no sessions."));

    public SocketServerOptions Options { get; }

    public PacketLimits Limits { get; }

    public PacketParser Parser { get; }

    public AttachmentWarnings AttachmentWarnings { get; }

    public PacketEncoder Encoder { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public SocketMetrics Metrics { get; }

    /// <summary>What a stop of the server waits for.</summary>
    public RunningWork Running { get; }

    /// <summary>Shared by all engines, because a session's id may be a socket's id.</summary>
    public SessionIds SessionIds { get; }

    /// <summary>Shared by all engines, because their clients may be in the same rooms.</summary>
    public BroadcastBackpressure Backpressure { get; } = new(TimeProvider.System);

    /// <summary>Null: clients cannot get their sessions back.</summary>
    public RecoveryStore? RecoveryStore { get; }

    /// <summary>The events that clients may send again.</summary>
    public RetryStore Retries { get; }

    /// <summary>Null: there are no durable events.</summary>
    public IInboxStore? InboxStore { get; }

    /// <summary>The same store, if it is in the memory of this server.</summary>
    public InMemoryInboxStore? OwnInboxes { get; }

    /// <summary>Of each declaration of namespaces with KeepHistory.</summary>
    public ImmutableArray<HistoryStore> Histories { get; private set; } = [];

    public IServiceProvider Services { get; }

    /// <summary>Tells a service from an argument.</summary>
    public IServiceProviderIsService? ServiceTypes { get; }

    public HandlerBinder Binder { get; }

    /// <summary>Around the events of all namespaces, the outermost first.</summary>
    public IReadOnlyList<FilterFactory> Filters { get; }

    public ISessionRunner Sessions => _sessions.Value;

    /// <summary>The server as the program gets it. Set before the first client comes.</summary>
    public ISocketServer Public { get => field ?? throw new InvalidOperationException("The server is being made."); set; }

    /// <summary>Makes the store of one declaration of namespaces. Called while the program declares them.</summary>
    public HistoryStore CreateHistory(HistoryOptions options)
    {
        var store = new HistoryStore(options, Time);
        if (Histories.Length == 0) Metrics.ObserveHistory(_meter, () => Histories.Sum(static history => history.Bytes));
        Histories = Histories.Add(store);
        return store;
    }

    // A factory's meter ends with the factory, and this does nothing to it.
    public void Dispose()
    {
        RecoveryStore?.Dispose();
        Retries.Dispose();
        OwnInboxes?.Dispose();
        foreach (var history in Histories) history.Dispose();
        _meter.Dispose();
    }
}
