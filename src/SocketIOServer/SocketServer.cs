using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.EngineIO;
using SocketIOServer.EngineIO.Transports;
using SocketIOServer.Events;
using SocketIOServer.Hosting;
using SocketIOServer.Inboxes;
using SocketIOServer.Namespaces;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Protocol.SocketIO;
using SocketIOServer.Recovery;
using SocketIOServer.Sockets;

namespace SocketIOServer;

/// <summary>The namespaces of one server. It is the application on top of Engine.IO.</summary>
internal sealed class SocketServer : IEngineApplication, INamespaceDirectory, IDisposable
{
    private const int MaxNameBytes = 256;

    private readonly ConcurrentDictionary<string, Namespace> _namespaces = new(StringComparer.Ordinal);
    private readonly Lazy<HttpSession> _session;
    private readonly RequestForwarder? _forwarder;
    private readonly ServerDrain? _drain;
    private bool _isDraining;
    private ImmutableArray<EngineServer> _engines = [];
    private int _isAbandoned;

    public SocketServer(SocketServerOptions options, IServiceProvider services)
    {
        _session = new(() => new(services));
        Context = new(options, services, () => _engines, CountSockets, () => Session);
        if (options is { Recovery: { } recovery, Bridges.Count: 0 }) options.Cluster?.Recover(recovery);
        if (options.Cluster is { } node) _forwarder = new(node, options, services.GetRequiredService<ForwardHeaders>(), Context.Logger);
        if (options is { Cluster: { } cluster, Drain: { } drain } && Context.RecoveryStore is { } store) _drain = new(drain, cluster, store, Context.Logger);
        Dynamic = new(Context);
        TooManyNamespaces = Context.Encoder.Value($"Too many namespaces on one connection: MaxNamespaces is {options.MaxNamespaces}.");
        Root = Declare("/");
        Public = Context.Public = new PublicServer(Root, Of);
    }

    /// <summary>What the namespaces of the server share.</summary>
    public ServerContext Context { get; }

    public SocketServerOptions Options => Context.Options;

    public HandlerBinder Binder => Context.Binder;

    public IServiceProviderIsService? ServiceTypes => Context.ServiceTypes;

    /// <summary>Created when the first handler needs one.</summary>
    public HttpSession Session => _session.Value;

    public Namespace Root { get; }

    public DynamicNamespaces Dynamic { get; }

    public byte[] TooManyNamespaces { get; }

    /// <summary>The public interface of the server.</summary>
    public ISocketServer Public { get; }

    /// <summary>The Engine.IO servers, one for each mapped path.</summary>
    public ImmutableArray<EngineServer> Engines => _engines;

    public IEnumerable<Namespace> Namespaces => _namespaces.Select(static entry => entry.Value);

    /// <param name="substitute">A transport that replaces the one of the same name.</param>
    public EngineServer CreateEngine(ITransport? substitute = null)
    {
        var engine = new EngineServer(Options, this, Context.Time, Context.Logger, Context.Metrics.Engine, Context.Backpressure, substitute, Context.SessionIds, _forwarder);
        ImmutableInterlocked.Update(ref _engines, static (engines, added) => engines.Add(added), engine);
        return engine;
    }

    /// <summary>Connects to the other servers of the cluster and to those of other kinds, if there are any.</summary>
    public Task StartAsync(CancellationToken cancel)
    {
        if (Options is { Recovery: not null, Cluster: { Log: null, Wire.HearsAll: false } }) RecoveryLines.LogStaysOnServer(Context.Logger);
        if (Options.Cluster is not null && Context.OwnInboxes is not null) InMemoryInboxStore.LogNotShared(Context.Logger);
        if (Options.Cluster is { } node) node.Bridges = string.Join(',', Options.Bridges.Select(static bridge => bridge.Name).Order(StringComparer.Ordinal));
        return Task.WhenAll([Options.Cluster?.StartAsync(cancel) ?? Task.CompletedTask, .. Options.Bridges.Select(bridge => bridge.Bus.StartAsync(cancel))]);
    }

    /// <summary>Logs a warning if a stop that lasts as long as this may be too short for the clients.</summary>
    public void CheckStopTime(TimeSpan limit) => _drain?.CheckTime(limit);

    /// <summary>The host begins to stop. Accepts no new sessions, and closes those that are open, unless <see cref="SendAwayAsync"/> will send their clients away in waves.</summary>
    public void OnStopping(EngineServer engine)
    {
        if (_isDraining || _drain is { IsPossible: true }) engine.Refuse();
        else engine.Stop();
    }

    /// <summary>
    /// Accepts no new sessions. If other servers of the cluster can take the clients, sends them away in waves and completes after the last one. Otherwise, or when
    /// cancelled, leaves them to <see cref="Stop"/>.
    /// </summary>
    public async Task SendAwayAsync(CancellationToken cancel)
    {
        if (_drain is not { IsPossible: true } drain) return;
        _isDraining = true;
        foreach (var engine in _engines) engine.Refuse();
        EngineSession[] sessions = [.. _engines.SelectMany(static engine => engine.Sessions.All)];
        drain.Begin(sessions.Length);
        await drain.SendAwayAsync(sessions, _forwarder, cancel);
    }

    /// <summary>After <see cref="Stop"/>: completes when other servers have taken the sessions of the clients, or when they are not waited for any longer.</summary>
    public async Task WhenTakenAsync(CancellationToken cancel)
    {
        if (!_isDraining) return;
        await _drain!.WhenTakenAsync(cancel);
        _forwarder?.Stop(TimeSpan.Zero);
    }

    /// <summary>Closes every session and accepts no new ones. Can be called from any thread, also from a handler. Does not wait.</summary>
    public void Stop()
    {
        foreach (var engine in _engines) engine.Stop();
        // While clients go to other servers, this one still forwards requests: the load balancer may not know yet that it stops.
        if (!_isDraining) _forwarder?.Stop(Options.CloseTimeout);
    }

    /// <summary>
    /// After <see cref="Stop"/>: completes when every client has been told and the application's code has ended. Cancellation ends the wait without an
    /// exception.
    /// </summary>
    public async Task WhenEndedAsync(CancellationToken cancel)
    {
        await Task.WhenAll(_engines.Select(engine => engine.Sessions.WhenEndedAsync(cancel)));
        await Context.Running.WhenNoneAsync(cancel);
    }

    /// <summary>After <see cref="WhenEndedAsync"/>: completes when the sessions of the clients are in the store of the cluster, if it has one.</summary>
    public Task WhenSavedAsync(CancellationToken cancel) => Options.Cluster?.Sessions?.WhenSavedAsync(cancel) ?? Task.CompletedTask;

    /// <summary>The stop no longer waits for the application's code, and adapters are stopped. Idempotent.</summary>
    public void Abandon()
    {
        Context.Running.Abandon();
        if (Interlocked.Exchange(ref _isAbandoned, 1) != 0) return;
        Context.RecoveryStore?.DropAll();
        foreach (var @namespace in Namespaces) @namespace.Lifetime.Release();
    }

    public IEngineClient CreateClient(EngineSession session)
    {
        var dialect = session.Protocol == EngineProtocol.V3 ? SocketDialect.V4 : SocketDialect.V5;
        return new Client(Context, this, session, dialect, dialect.ParserFor(Context.Parser));
    }

    /// <summary>Returns null if no namespace with this name was declared, and no OfAny admits it.</summary>
    public Namespace? Find(string name) => _namespaces.GetValueOrDefault(name) ?? (IsShort(name) ? Dynamic.Find(name) : null);

    public INamespace? Enter(string name) => _namespaces.GetValueOrDefault(name) ?? (IsShort(name) ? Dynamic.Enter(name) : null);

    public ISocketNamespace Of(string name) =>
        Find(Normalize(name)) ?? throw new ArgumentException($"No namespace \"{name}\" was declared; MapSocketIO().Of(\"{name}\") does, and no OfAny takes the name.", nameof(name));

    public Namespace Declare(string name)
    {
        name = Normalize(name);
        if (!IsShort(name) || name.AsSpan().IndexOfAny(',', '?') >= 0)
            throw new ArgumentException("The name of a namespace is at most 256 bytes long and has neither \",\" nor \"?\".", nameof(name));
        if (_namespaces.TryGetValue(name, out var declared)) return declared;
        declared = new(Context, name, name, new(Context.Filters));
        if (!_namespaces.TryAdd(name, declared)) return _namespaces[name];
        declared.Lifetime.Use();
        return declared;
    }

    /// <summary>Keeps the latest events of the namespaces that have these handlers.</summary>
    public void KeepHistory(HandlerTable handlers, HistoryOptions options)
    {
        handlers.History = Context.CreateHistory(options);
        foreach (var @namespace in Namespaces.Concat(Dynamic.Open))
        {
            if (@namespace.Context.Handlers == handlers) @namespace.Context.KeepHistory(handlers.History);
        }
    }

    /// <summary>
    /// Called when the services are disposed of. If the host was disposed of without a stop, there are still sessions. They end here, and no application code
    /// is started for them, because its services are gone.
    /// </summary>
    public void Dispose()
    {
        Abandon();
        Stop();
        _forwarder?.Dispose();
        Context.Dispose();
    }

    private IEnumerable<KeyValuePair<string, int>> CountSockets() =>
        Namespaces.Concat(Dynamic.Open).Select(static @namespace => KeyValuePair.Create(@namespace.Context.MetricName, @namespace.SocketCount));

    private static bool IsShort(string name) => Encoding.UTF8.GetByteCount(name) <= MaxNameBytes;

    private static string Normalize(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith('/') ? name : "/" + name;
    }
}
