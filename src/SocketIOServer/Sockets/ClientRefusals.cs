using SocketIOServer.EngineIO;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Sockets;

/// <summary>Explains why a client was kept out of a namespace, or why its connection was closed for what it sent.</summary>
internal static class ClientRefusals
{
    public static readonly CloseReason InvalidConnect = CloseReason.ParseError.Because(new(
        "connect packet", "The client sent a CONNECT packet with an ack id, or with a namespace that is longer than 256 bytes. The server closed the connection."));

    public static Explanation NoNamespace(string name) => new(
        "no namespace",
        $"There is no namespace \"{name}\". To add it: MapSocketIO().Of(\"{name}\"), or OfAny for names that clients choose. The path of the server is not a namespace: "
        + "a client that connects to the URL of a page with a path, such as io(\"https://example.com/socket.io\"), needs io(\"https://example.com\", { path: \"/socket.io\" }).",
        name);

    public static Explanation TooManyNamespaces(string name, SocketServerOptions options) => new(
        "too many namespaces", $"The client asked for the namespace \"{name}\" and is already in {options.MaxNamespaces}, which is MaxNamespaces.");

    /// <summary>A message that is not a packet, or one that is more than the options allow.</summary>
    public static CloseReason Packet(PacketFault fault, PacketLimits limits) => fault switch
    {
        PacketFault.Attachments => Limit("attachments", $"A packet of the client has more than {limits.MaxAttachments} binary attachments, which is MaxAttachments."),
        PacketFault.PacketBytes => Limit("packet bytes", $"A packet of the client and its attachments have more than {limits.MaxPacketBytes} bytes, which is MaxPacketBytes."),
        PacketFault.JsonDepth => Limit("JSON depth", $"The JSON of a packet of the client is nested deeper than {limits.MaxJsonDepth} levels, which is MaxJsonDepth."),
        PacketFault.ReservedName => CloseReason.ParseError.Because(new(
            "reserved name",
            "The client sent an event with a name that the protocol reserves: connect, connect_error, disconnect, disconnecting, newListener or removeListener. "
            + "The server closed the connection.")),
        _ => CloseReason.ParseError,
    };

    public static CloseReason MissingAttachments(SocketServerOptions options) => CloseReason.ParseError.Because(new(
        "missing attachments", $"The attachments of a packet did not arrive within {options.PingTimeout}, which is PingTimeout. The server closed the connection."));

    public static CloseReason NotJoined(ReadOnlySpan<byte> name) => Broken(
        "not joined", $"The client sent a packet to the namespace \"{NameOf(name)}\", which it has not joined or which has refused it. Send events after 'connect'.", NameOf(name));

    public static CloseReason SecondConnect(string name) => Broken(
        "second CONNECT", $"The client asked to join the namespace \"{name}\", in which it already is.", name);

    public static CloseReason TooMuchAuth(SocketServerOptions options) => Broken(
        "auth bytes", $"The auth payloads of the client's namespaces have more than {options.MaxPayload} bytes in all, which is MaxPayload.");

    public static CloseReason TooManyLeaving(SocketServerOptions options) => Broken(
        "leaving sockets", $"Handlers or disconnect hooks still run for {options.MaxNamespaces} sockets of the client that have left, which is MaxNamespaces.");

    public static CloseReason TooManyRefusals(int count) => Broken(
        "too many refusals", $"Namespaces have refused the client {count} times, which is as often as MaxNamespaces allows. Do not connect again in a loop after 'connect_error'.");

    public static CloseReason TooManyCancelledJoins(string name, int count) => Broken(
        "cancelled joins", $"The client has joined and left the namespace \"{name}\" {count} times without waiting for the answer.", name);

    private static CloseReason Limit(string kind, string text) => CloseReason.PacketLimit.Because(new(kind, text + " The server closed the connection."));

    private static CloseReason Broken(string kind, string text, string name = "") => CloseReason.Refused.Because(new(kind, text + " The server closed the connection.", name));

    private static string NameOf(ReadOnlySpan<byte> name) => name.IsEmpty ? "/" : LogText.Of(name);
}
