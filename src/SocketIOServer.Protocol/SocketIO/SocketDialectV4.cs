using System.Text;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>Socket.IO 4: clients 1.x and 2.x. They are in "/" from the start and send credentials in the query of the namespace.</summary>
internal sealed class SocketDialectV4 : SocketDialect
{
    public override bool JoinsRootOnOpen => true;

    public override bool HasRefusalData => false;

    public override PacketParser ParserFor(PacketParser server) => server.ForOldClients;

    public override bool TryReadConnect(in SocketPacket packet, out ConnectRequest request)
    {
        var text = packet.Namespace.Span;
        var mark = text.IndexOf((byte)'?');
        var name = mark < 0 ? text : text[..mark];
        request = new(
            name.IsEmpty ? "/" : Encoding.UTF8.GetString(name),
            mark < 0 ? "" : Encoding.UTF8.GetString(text[(mark + 1)..]),
            []);
        return name.Length <= MaxNameBytes;
    }

    // The packet has no payload, because the client derives the socket id from the session id.
    public override OutgoingMessage Connected(PacketParser parser, ReadOnlySpan<byte> name, string socketId, string? recoveryId) =>
        parser.Write(SocketPacketType.Connect, name, SocketPacket.NoId, []);

    // These clients pass the JSON to their 'error' listeners: the data if there is some, otherwise the message.
    public override OutgoingMessage Refused(PacketParser parser, ReadOnlySpan<byte> name, ReadOnlySpan<byte> message, ReadOnlySpan<byte> data) =>
        parser.Write(SocketPacketType.ConnectError, name, SocketPacket.NoId, data.IsEmpty ? message : data);

    public override string SocketId(string @namespace, string sessionId, Func<string> newId) =>
        @namespace == "/" ? sessionId : @namespace + "#" + sessionId;
}
