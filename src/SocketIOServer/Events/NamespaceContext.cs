using System.Text;
using SocketIOServer.Adapters;
using SocketIOServer.Cluster;
using SocketIOServer.EngineIO;
using SocketIOServer.Json;
using SocketIOServer.Recovery;

namespace SocketIOServer.Events;

/// <summary>What the sockets and the broadcasts of one namespace share.</summary>
internal sealed class NamespaceContext
{
    private readonly byte[] _utf8Name;
    private readonly AdapterContext _adapterContext;
    private readonly bool _isOwnAdapter;

    /// <param name="server">What its server shares.</param>
    /// <param name="name">With its slash.</param>
    /// <param name="metricName">The same for all names that clients choose, since a metric keeps each name for ever.</param>
    /// <param name="handlers">Its own, or those it shares.</param>
    /// <param name="everyone">The namespace as the program gets it.</param>
    public NamespaceContext(ServerContext server, string name, string metricName, HandlerTable handlers, ISocketNamespace everyone)
    {
        Server = server;
        Name = name;
        LogName = LogText.Of(name);
        MetricName = metricName;
        Handlers = handlers;
        Outgoing = new(handlers);
        Everyone = everyone;
        _utf8Name = name == "/" ? [] : Encoding.UTF8.GetBytes(name);
        _adapterContext = new(
            name, _utf8Name, server.Encoder, server.Parser, server.Backpressure, server.Services, server.Logger, server.Time, new RoomObserver(this))
        {
            ClusterEvents = new ClusterEvents(this),
            IsDeclared = metricName == name,
            SharesLog = server.Options is { Bridges.Count: 0, Cluster.Log: not null },
            Log = server.RecoveryStore is { } store ? new(server.Options.Recovery!, MaxAge(server.Options), store, server.Parser, _utf8Name, CoarseTime.InPlaceOf(server.Time)) : null,
        };
        var adapter = server.Options.CreateAdapter(_adapterContext) ?? throw new InvalidOperationException("The function that was given to UseAdapter returned null.");
        ClusterAdapter = adapter as ClusterAdapter;
        OtherServers = adapter as IServerEvents;
        Adapter = server.Options.Bridges.Aggregate(adapter, (inner, bridge) => bridge.Connect(_adapterContext, inner));
        if (server.InboxStore is { } inboxes) Inboxes = new(this, server.Options.Inbox!, inboxes);
        _isOwnAdapter = adapter is InMemoryAdapter or Cluster.ClusterAdapter;
        if (handlers.History is { } history) KeepHistory(history);
        if (_adapterContext.Log is not { } log) return;
        if (!_isOwnAdapter) throw new InvalidOperationException($"{nameof(SocketServerOptions.Recovery)} does not work with an adapter of UseAdapter.");
        // Says at the start, not at the first event, that the program's parser cannot be used with recovery.
        log.Prepare(server.Parser.Write(SocketPacketType.Event, _utf8Name, SocketPacket.NoId, "[\"\"]"u8));
        Recovery = new(log, Adapter, server.RecoveryStore!, server.Options.MaxQueuedBytes, _adapterContext.IsDeclared) { Name = name, Encoder = server.Encoder, Rooms = ClusterAdapter?.SessionRooms };
        _adapterContext.Away = Recovery;
        SessionEvents = new(this);
        ClusterAdapter?.ShareSessions(Recovery, SessionEvents);
    }

    public ServerContext Server { get; }

    public string Name { get; }

    /// <summary>For the log: a name that a client chose has no line breaks there.</summary>
    public string LogName { get; }

    public string MetricName { get; }

    /// <summary>As it stands in packets: nothing for "/".</summary>
    public ReadOnlySpan<byte> Utf8Name => _utf8Name;

    public HandlerTable Handlers { get; }

    public OutgoingObservers Outgoing { get; }

    public ISocketNamespace Everyone { get; }

    public Adapter Adapter { get; }

    /// <summary>The adapter that knows the other servers of the cluster; null where there is no cluster.</summary>
    public ClusterAdapter? ClusterAdapter { get; }

    /// <summary>The same for events to the handlers of other servers. An emitter has no other way to them.</summary>
    public IServerEvents? OtherServers { get; }

    /// <summary>Null: clients cannot get their sessions back.</summary>
    public NamespaceRecovery? Recovery { get; }

    /// <summary>The events that move with a session. Null: clients cannot get their sessions back.</summary>
    public SessionEvents? SessionEvents { get; }

    /// <summary>The namespace as its adapter knows it.</summary>
    public AdapterContext OfAdapter => _adapterContext;

    /// <summary>Null: there are no durable events.</summary>
    public NamespaceInboxes? Inboxes { get; }

    /// <summary>Null: clients that come late get nothing of what was before.</summary>
    public NamespaceHistory? History => _adapterContext.History;

    public PacketEncoder Encoder => Server.Encoder;

    /// <summary>Warns if a packet to clients has more attachments than JavaScript clients accept.</summary>
    public void CheckAttachments(byte[][] attachments, string name, bool isAck = false)
    {
        if (attachments.Length > AttachmentWarnings.MaxOfClients) Server.AttachmentWarnings.Add(this, name, attachments.Length, isAck);
    }

    // A session may be cut this long after the last event that reached its client: as long as the server needs to notice.
    internal static TimeSpan MaxAge(SocketServerOptions options) => options.Recovery!.Window + options.PingInterval + options.PingTimeout;

    /// <summary>From now on the latest events are kept.</summary>
    public void KeepHistory(HistoryStore store)
    {
        if (!_isOwnAdapter) throw new InvalidOperationException($"{nameof(SocketNamespaceBuilder.KeepHistory)} does not work with an adapter of UseAdapter.");
        _adapterContext.History = new(store, Name, _adapterContext.Log, Server.Options.MaxQueuedBytes);
    }

    /// <summary>An event of this namespace, for its adapter.</summary>
    public EncodedEvent Encoded(OutgoingMessage message) => new(message, _adapterContext);
}
