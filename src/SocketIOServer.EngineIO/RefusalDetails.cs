using SocketIOServer.EngineIO.Transports;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO;

/// <summary>Explains why a request was refused or a session closed, and what would allow it.</summary>
internal static class RefusalDetails
{
    public static readonly Explanation Stopping = new("server stopping", "The server is stopping. Clients reconnect by themselves.");
    public static readonly Explanation JsonpOff = new("JSONP off", "The client uses JSONP, which is off. AllowJsonp = true turns it on.");
    public static readonly Explanation JsonpIndex = new("JSONP index", "The value of j in the query is not the number of a JSONP callback.");
    public static readonly Explanation OtherProtocol = new("other protocol", "EIO in the query is not the revision with which the session began.");
    public static readonly Explanation OtherUser = new(
        "other user",
        "The session belongs to another user than the request, or the request has no user (option UserId). A client must reconnect after each sign-in and sign-out.");
    public static readonly Explanation OtherAddress = new(
        "other address", "The request comes from another address than the first request of its session, and BindToRemoteAddress is true.");
    public static readonly Explanation OriginCharacters = new("origin characters", "The Origin header contains control characters.");
    public static readonly Explanation ContentEncoding = new(
        "content encoding",
        "The body of the request is compressed (Content-Encoding). Clients do not compress; for other programs, app.UseRequestDecompression() before MapSocketIO() reads such bodies.");
    public static readonly Explanation PolledAfterUpgrade = new("poll after upgrade", "The session has moved to a WebSocket, and the client still polls.");

    public static readonly Explanation NoWebSockets = new(
        "web server", "The web server opens no further WebSocket: Kestrel's limit MaxConcurrentUpgradedConnections has been reached. Increase it, or leave clients on polling.");

    private static readonly Explanation Unknown = new(
        "unknown session",
        "This server has no session with this sid: it ended some time ago, the server was restarted, or the first request of the session reached another server. "
        + "With several servers, either the servers forward requests to each other (ClusterOptions.Secret), or the proxy sends all requests of a session to the same "
        + "server (docs/proxies.md, \"Several servers\").");

    public static readonly Explanation ForgedForward = new(
        "forged forward",
        "The request has the header X-SocketIO-Forward, and its signature is not valid, or it is older than 60 seconds. Clients do not send this header. If another server of the "
        + "cluster has sent it, the two servers have different values of ClusterOptions.Secret, or their clocks differ, or a proxy between them changes the path or the query.");

    public static Explanation Transport(in EngineQuery query, EngineOptions options) => new(
        "transport",
        $"The query has transport='{LogText.Of(query.Transport)}', and this server offers {string.Join(", ", options.Transports.Select(NameOf))} (option Transports). "
        + "Every Socket.IO client sends the name of its transport. A plain WebSocket client does not.");

    public static Explanation Method(string method) => new(
        "first method", $"The first request of a session must be GET, and this one is {LogText.Of(method)}. Later requests carry the sid of their session in the query.");

    public static Explanation MethodOfSession(string method) => new("method", $"Polling uses GET and POST, and this request is {LogText.Of(method)}.");

    public static Explanation Upgrade(bool isWebSocket) => isWebSocket
        ? new("transport of a WebSocket", "The request is a WebSocket, but its query does not have transport=websocket.")
        : new(
            "WebSocket headers",
            "transport=websocket arrived without the headers of a WebSocket. A proxy in between must forward the headers Upgrade and Connection (docs/proxies.md).");

    public static Explanation WebSocket(EngineOptions options) =>
        options.AllowUpgrades ? Upgrade(isWebSocket: true) : new("upgrades off", "The client asked to move its session to a WebSocket, and AllowUpgrades is false.");

    public static Explanation Moved(EngineSession session, ITransport transport) => transport is WebSocketTransport
        ? Upgrade(isWebSocket: false)
        : new("other transport", $"The session uses {session.Transport.Name}, and the request uses {transport.Name}.");

    public static Explanation Protocol(in EngineQuery query, EngineOptions options)
    {
        var served = EngineProtocol.All.Where(protocol => options.AllowEngineIO3 || !protocol.IsLegacy).Select(protocol => protocol.Name);
        return new(
            "protocol",
            $"The query has EIO='{LogText.Of(query.Protocol)}', and this server supports {string.Join(", ", served)}."
            + (options.AllowEngineIO3 ? "" : " AllowEngineIO3 = true lets clients 1.x and 2.x connect."),
            LogText.Of(query.Protocol));
    }

    public static Explanation Full(EngineOptions options) => new(
        "sessions",
        $"The server has {options.MaxSessions} sessions, and MaxSessions allows no more. Increase MaxSessions, or add servers.");

    public static Explanation NoSession(CloseReason? ended, EngineOptions options)
    {
        if (ended is null) return Unknown;
        // The log line for the end of the session has already given the cause.
        return new("ended session", $"The session has ended ({ended.Text}). {(ended.Refusal is null ? "The client opens a new one." : Closed(ended, options).Text)}", IsRoutine: true);
    }

    /// <summary>Explains why the server closed a session because of what its client did.</summary>
    public static Explanation Closed(CloseReason reason, EngineOptions options) => reason.Explanation ?? reason.Refusal switch
    {
        "too_large" => new(
            "too large", $"A message of the client is larger than MaxPayload, which is {options.MaxPayload} bytes. The server closed the connection."),
        "slow_client" => new(
            "slow client",
            $"The client reads too slowly: more than MaxQueuedBytes, which is {options.MaxQueuedBytes} bytes, were waiting for it. The server closed the connection."),
        "overlap" => new(
            "overlap",
            "Two polls or two POSTs of one session arrived at the same time. The server closed the session. A proxy must not repeat requests, and two clients must not share a session."),
        _ => new(
            "parse error",
            "The client sent a packet that is not valid in the server's encoding. The server closed the connection. If the client has the option 'parser', the server needs the same parser "
            + "(option Parser); without it, the server needs Parser = PacketParser.Json."),
    };

    private static string NameOf(TransportKind kind) => kind == TransportKind.WebSocket ? "websocket" : "polling";
}
