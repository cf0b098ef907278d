using System.Text.Json;
using SocketIOServer.Adapters;
using SocketIOServer.Cluster;
using SocketIOServer.Events;
using SocketIOServer.Json;

namespace SocketIOServer;

/// <summary>The settings of a Socket.IO server. The server reads them once, when the endpoint is mapped.</summary>
public sealed class SocketServerOptions : EngineOptions
{
    private const int MaxWrittenDepth = 1000;

    private readonly JsonSerializerOptions _defaultJson = new(JsonSerializerDefaults.Web)
    {
        Encoder = PlainJsonEncoder.Instance,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Creates options with the defaults.</summary>
    public SocketServerOptions() => Json = _defaultJson;

    /// <summary>How long a connection may be in no namespace, at its start or after it has left the last one. Then the server closes it. Default 45 seconds.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long a call waits for an ack if it has no timeout of its own. Default 30 seconds.</summary>
    public TimeSpan AckTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How packets are encoded: <see cref="PacketParser.Json"/> (the default, which every client uses unless it is told otherwise), <see cref="PacketParser.MessagePack"/>, or
    /// a parser of your own. The clients must have the same parser (their option <c>parser</c>); a client with another one is disconnected.
    /// </summary>
    public PacketParser Parser { get; set; } = PacketParser.Json;

    /// <summary>The largest number of binary attachments of one packet of a client. Default 10.</summary>
    public int MaxAttachments { get; set; } = 10;

    /// <summary>The largest size of one packet of a client with all its attachments, in bytes. Default null: ten times MaxPayload.</summary>
    public long? MaxPacketBytes { get; set; }

    /// <summary>The largest depth of the JSON of a client. Default 64.</summary>
    public int MaxJsonDepth { get; set; } = 64;

    /// <summary>
    /// How many namespaces one connection can be in. Clients 1.x and 2.x are always in "/", which counts. A further one is refused with a message that says
    /// so. The connection is closed after the same number of refusals of any kind, but not before the second. Default 100.
    /// </summary>
    public int MaxNamespaces { get; set; } = 100;

    /// <summary>The largest number of acks that the server waits for from one socket. Durable events have a limit of their own: <see cref="InboxOptions.MaxUnacked"/>. Default 10,000.</summary>
    public int MaxPendingAcks { get; set; } = 10_000;

    /// <summary>The largest number of events of one socket that wait for a handler. At that number the server stops reading the connection until a handler ends. Default 128.</summary>
    public int MaxQueuedEvents { get; set; } = 128;

    /// <summary>
    /// The largest size in bytes of the events of one connection that wait for handlers or are being handled, in all its namespaces and with their attachments. At
    /// that size the server stops reading the connection until handlers end. A larger event is handled when it is the only one. Default null: twice
    /// MaxPayload.
    /// </summary>
    public long? MaxQueuedEventBytes { get; set; }

    /// <summary>
    /// How arguments become JSON and back. Default: the web defaults (camelCase names, read in any case), letters of all scripts and emoji unescaped, and
    /// nullability respected: a null for a member that is not nullable, and a missing constructor parameter that neither is nullable nor has a default
    /// value, are invalid arguments. Other options are used as they are, so set RespectNullableAnnotations and
    /// RespectRequiredConstructorParameters there too. Converters for binary (byte[], ReadOnlyMemory&lt;byte&gt;, Memory&lt;byte&gt;, Stream) are added
    /// to a copy. MaxDepth may be 1,000 at most (0 means 64): an object that contains itself would overflow the stack.
    /// </summary>
    public JsonSerializerOptions Json { get; set; }

    /// <summary>
    /// A folder with the client's scripts, such as <c>dist</c> of npm's <c>socket.io-client</c>, relative to the content root. The server then
    /// serves the files that Node's server serves, below its own path: <c>socket.io.js</c>, <c>socket.io.min.js</c>,
    /// <c>socket.io.msgpack.min.js</c>, <c>socket.io.esm.min.js</c> and their source maps, as far as the folder has them. Other files of the
    /// folder are not served. The server reads the files once, when the endpoint is mapped. Everybody may load them, whatever authorization the endpoint
    /// requires. Default null: none are served.
    /// </summary>
    public string? ClientFiles { get; set; }

    /// <summary>
    /// Whether a refused client gets a code with the message, such as <c>{"code":"invalid_namespace"}</c> as the data of its <c>connect_error</c>, if the
    /// program gives no data of its own. Clients 1.x and 2.x get only the message. Default true. False: no codes, as from Node's server.
    /// </summary>
    public bool ConnectErrorCodes { get; set; } = true;

    /// <summary>
    /// Whether the server itself answers a client that asked for an ack where no handler does: <c>{"error":"invalid arguments"}</c>,
    /// <c>{"error":"forbidden"}</c>, <c>{"error":"rate limited"}</c>, <c>{"error":"no handler"}</c>, and <c>{"error":"failed"}</c> when the handler throws.
    /// The text of an exception never leaves the server. Default true. False: such an event gets no ack, as from Node's server, for pages that would
    /// take the object for an answer of their own shape.
    /// </summary>
    public bool AckErrors { get; set; } = true;

    /// <summary>Lets clients that lost their connection get their sessions back. Default null: they begin new ones.</summary>
    public RecoveryOptions? Recovery { get; set; }

    /// <summary>Keeps durable events for clients that are away. Default null: there are none.</summary>
    public InboxOptions? Inbox { get; set; }

    /// <summary>How much is kept of events that were handled, for handlers with <see cref="RetryKeyAttribute"/>. Without such a handler nothing is kept.</summary>
    public RetryDeduplicationOptions DeduplicateRetries { get; } = new();

    /// <summary>
    /// How clients go to other servers of the cluster when this server stops, if <see cref="Recovery"/> is set. Null: all clients are sent away at once, and
    /// the server does not wait until other servers have taken their sessions. Default: see <see cref="DrainOptions"/>.
    /// </summary>
    public DrainOptions? Drain { get; set; } = new();

    /// <summary>Whether <see cref="Json"/> is still the default object. The program may have changed it.</summary>
    internal bool HasDefaultJson => ReferenceEquals(Json, _defaultJson);

    /// <summary>The filters of all namespaces. They are bound when the server is created.</summary>
    internal List<Func<HandlerBinder, FilterFactory>> Filters { get; } = [];

    /// <summary>Makes the adapter of a namespace.</summary>
    internal Func<AdapterContext, Adapter> CreateAdapter { get; set; } = static context => new InMemoryAdapter(context);

    /// <summary>This server in its cluster; null: it is alone.</summary>
    internal ClusterNode? Cluster { get; set; }

    /// <summary>To servers of other kinds.</summary>
    internal List<ClusterBridge> Bridges { get; } = [];

    internal void ValidateAll()
    {
        Validate();
        CheckSpan(ConnectTimeout, nameof(ConnectTimeout));
        CheckSpan(AckTimeout, nameof(AckTimeout));
        ArgumentNullException.ThrowIfNull(Parser);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxAttachments);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxPacketBytes ?? 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxJsonDepth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxNamespaces);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxPendingAcks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxQueuedEvents);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxQueuedEventBytes ?? 1);
        ArgumentNullException.ThrowIfNull(Json);
        Recovery?.Validate();
        DeduplicateRetries.Validate();
        Drain?.Validate();
        Inbox?.Validate();
        // The serializer recurses, and a stack overflow ends the process: an object that contains itself would cause it.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Json.MaxDepth, MaxWrittenDepth);
    }
}
