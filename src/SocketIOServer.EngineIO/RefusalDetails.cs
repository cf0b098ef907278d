using SocketIOServer.EngineIO.Transports;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO;

/// <summary>Says why a request leads to no session, and what would let it in.</summary>
internal static class RefusalDetails
{
    public const string UnknownSession =
        "There is no session with this sid: it has ended, the server was started anew, or the request came to another server than the session's first one. "
        + "Several servers need a proxy that sends all requests of a session to the same one (docs/proxies.md).";

    public static string Transport(in EngineQuery query, EngineOptions options) =>
        $"transport='{LogText.Of(query.Transport)}' is none of this server's: {string.Join(", ", options.Transports.Select(NameOf))} (option Transports). "
        + "A Socket.IO client names its transport in the query.";

    public static string Method(string method) =>
        $"A session begins with GET and not with {LogText.Of(method)}; a later request names its session (sid) in the query.";

    public static string Upgrade(bool isWebSocket) => isWebSocket
        ? "A WebSocket asks for transport=websocket."
        : "transport=websocket came without a WebSocket's headers: a proxy in between has to pass Upgrade and Connection on (docs/proxies.md).";

    public static string WebSocket(EngineOptions options) => options.AllowUpgrades
        ? "A WebSocket asks for transport=websocket."
        : "The session may not move to a WebSocket: AllowUpgrades is false.";

    public static string Moved(EngineSession session, ITransport transport) => transport is WebSocketTransport
        ? Upgrade(isWebSocket: false)
        : $"The session is on {session.Transport.Name} and cannot be served by {transport.Name}.";

    public static string Protocol(in EngineQuery query, EngineOptions options)
    {
        var served = EngineProtocol.All.Where(protocol => options.AllowEngineIO3 || !protocol.IsLegacy).Select(protocol => protocol.Name);
        return $"EIO='{LogText.Of(query.Protocol)}' is no revision that this server speaks: {string.Join(", ", served)}."
            + (options.AllowEngineIO3 ? "" : " AllowEngineIO3 = true lets clients 1.x and 2.x in.");
    }

    /// <summary>Why a connection was closed for what its client did.</summary>
    public static string Closed(CloseReason reason, EngineOptions options) => reason.Refusal switch
    {
        "too_large" => $"A message of the client is larger than MaxPayload, which is {options.MaxPayload} bytes; its connection was closed.",
        "slow_client" => $"The client reads too slowly: more than MaxQueuedBytes, which is {options.MaxQueuedBytes} bytes, waited for it; its connection was closed.",
        "overlap" => "Two polls or two posts of one session came at the same time; its connection was closed. A proxy must not repeat requests, and no two clients may share a session.",
        "parse_error" => "The client sent what is no packet of its protocol, or one beyond MaxAttachments, MaxPacketBytes or MaxJsonDepth; its connection was closed. "
            + "A client with the option 'parser' needs the same parser on the server (option Parser), and one without needs Parser = SocketParser.Json.",
        _ => "The client sent a packet for a namespace that it is not in, or was refused as often as MaxNamespaces allows; its connection was closed.",
    };

    private static string NameOf(TransportKind kind) => kind == TransportKind.WebSocket ? "websocket" : "polling";
}
