using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO;
using SocketIOServer.EngineIO.Transports;
using SocketIOServer.Events;
using SocketIOServer.Hosting;
using SocketIOServer.Json;
using SocketIOServer.Namespaces;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Protocol.SocketIO;
using SocketIOServer.Sockets;

namespace SocketIOServer;

/// <summary>The namespaces; the application on top of Engine.IO.</summary>
internal sealed class SocketServer : IEngineApplication, IDisposable
{
    private const int MaxNameBytes = 256;

    private readonly ConcurrentDictionary<string, Namespace> _namespaces = new(StringComparer.Ordinal);
    private readonly Lazy<HttpSession> _session;
    private readonly Meter _meter;
    private ImmutableArray<EngineServer> _engines = [];
    private int _isAbandoned;

    public SocketServer(SocketServerOptions options, IServiceProvider services)
    {
        Options = options;
        Options.ValidateAll();
        Services = services;
        ServiceTypes = services.GetService<IServiceProviderIsService>();
        _session = new(() => new(services));
        Logger = FencedLogger.Around(services.GetRequiredService<ILoggerFactory>().CreateLogger("SocketIOServer"));
        Running = new(Logger);
        SessionIds = new(options.GenerateId, Logger);
        Time = FencedTime.Around(services.GetRequiredService<TimeProvider>(), Logger);
        Parser = Options.Parser switch
        {
            SocketParser.MessagePack => PacketParser.MessagePack,
            _ => PacketParser.Json,
        };
        Encoder = new(Options.Json, Parser);
        Binder = new(ServiceTypes, Encoder.Options);
        Filters = [.. Options.Filters.Select(bind => bind(Binder))];
        _meter = services.GetService<IMeterFactory>()?.Create(SocketMetrics.MeterOptions) ?? new(SocketMetrics.MeterOptions);
        Metrics = new(_meter, this);
        Limits = new(Options.MaxAttachments, Options.MaxPacketBytes ?? 10L * Options.MaxPayload, Options.MaxJsonDepth);
        TooManyNamespaces = Encoder.Value($"Too many namespaces on one connection: MaxNamespaces is {Options.MaxNamespaces}.");
        Dynamic = new(this);
        Root = Declare("/");
        Facade = new RootOperator(this);
    }

    public SocketServerOptions Options { get; }

    public PacketLimits Limits { get; }

    public PacketParser Parser { get; }

    public PacketEncoder Encoder { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public SocketMetrics Metrics { get; }

    /// <summary>What the stop waits for.</summary>
    public RunningWork Running { get; }

    /// <summary>Shared by all engines, because a session's id may be a socket's id.</summary>
    public SessionIds SessionIds { get; }

    /// <summary>Shared by all engines, because their clients may be in the same rooms.</summary>
    public BroadcastBackpressure Backpressure { get; } = new(TimeProvider.System);

    public IServiceProvider Services { get; }

    /// <summary>Tells a service from an argument.</summary>
    public IServiceProviderIsService? ServiceTypes { get; }

    public HandlerBinder Binder { get; }

    /// <summary>Around the events of all namespaces, the outermost first.</summary>
    public IReadOnlyList<FilterFactory> Filters { get; }

    /// <summary>Where a handler takes one.</summary>
    public HttpSession Session => _session.Value;

    public Namespace Root { get; }

    public DynamicNamespaces Dynamic { get; }

    /// <summary>What a client is told that is in as many as it may be, in JSON.</summary>
    public byte[] TooManyNamespaces { get; }

    public ISocketServer Facade { get; }

    /// <summary>One for each path that is mapped.</summary>
    public ImmutableArray<EngineServer> Engines => _engines;

    public IEnumerable<Namespace> Namespaces => _namespaces.Select(static entry => entry.Value);

    /// <param name="substitute">Serves in place of the transport of its name.</param>
    public EngineServer CreateEngine(ITransport? substitute = null)
    {
        var engine = new EngineServer(Options, this, Time, Logger, Metrics.Engine, Backpressure, substitute, SessionIds);
        ImmutableInterlocked.Update(ref _engines, static (engines, added) => engines.Add(added), engine);
        return engine;
    }

    /// <summary>Closes every session and takes no new ones. Any thread, handlers' too; does not wait.</summary>
    public void Stop()
    {
        foreach (var engine in _engines) engine.Stop();
    }

    /// <summary>After <see cref="Stop"/>: completes when every client has been told and the program's code has ended. Cancelling ends the wait without an exception.</summary>
    public async Task WhenEndedAsync(CancellationToken cancel)
    {
        await Task.WhenAll(_engines.Select(engine => engine.Sessions.WhenEndedAsync(cancel)));
        await Running.WhenNoneAsync(cancel);
    }

    /// <summary>The stop waits no longer for the program's code, and adapters are stopped. Idempotent.</summary>
    public void Abandon()
    {
        Running.Abandon();
        if (Interlocked.Exchange(ref _isAbandoned, 1) != 0) return;
        foreach (var @namespace in Namespaces) @namespace.Lifetime.Release();
    }

    public bool IsDeclared(string name) => _namespaces.ContainsKey(name);

    public IEngineClient CreateClient(EngineSession session)
    {
        var dialect = session.Protocol == EngineProtocol.V3 ? SocketDialect.V4 : SocketDialect.V5;
        return new Client(this, session, dialect, dialect.ParserFor(Parser));
    }

    /// <summary>Null: no declaration takes this name.</summary>
    public Namespace? Find(string name) => _namespaces.GetValueOrDefault(name) ?? (IsShort(name) ? Dynamic.Find(name) : null);

    /// <summary>For a socket that comes, and leaves by <see cref="DynamicNamespaces.Exit"/>.</summary>
    public Namespace? Enter(string name) =>
        _namespaces.GetValueOrDefault(name) ?? (IsShort(name) ? Dynamic.Enter(name) : null);

    public ISocketNamespace Of(string name) =>
        Find(Normalize(name)) ?? throw new ArgumentException($"No namespace \"{name}\" was declared; MapSocketIO().Of(\"{name}\") does, and no OfAny takes the name.", nameof(name));

    public Namespace Declare(string name)
    {
        name = Normalize(name);
        if (!IsShort(name) || name.AsSpan().IndexOfAny(',', '?') >= 0)
            throw new ArgumentException("The name of a namespace is at most 256 bytes long and has neither \",\" nor \"?\".", nameof(name));
        if (_namespaces.TryGetValue(name, out var declared)) return declared;
        declared = new(this, name, new(Filters));
        if (!_namespaces.TryAdd(name, declared)) return _namespaces[name];
        declared.Lifetime.Use();
        return declared;
    }

    /// <summary>
    /// With the program's services. A host that was disposed of without a stop leaves sessions: they end here, and nothing of the program's is begun
    /// for them, since its services are gone.
    /// </summary>
    public void Dispose()
    {
        Abandon();
        Stop();
        // A factory's meter ends with the factory, and this does nothing to it.
        _meter.Dispose();
    }

    private static bool IsShort(string name) => Encoding.UTF8.GetByteCount(name) <= MaxNameBytes;

    private static string Normalize(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith('/') ? name : "/" + name;
    }
}
