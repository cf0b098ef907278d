using System.Text;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>Socket.IO 5: clients 3.x and 4.x. socket.io-protocol v5, "Connection to a namespace".</summary>
internal sealed class SocketDialectV5 : SocketDialect
{
    public override bool JoinsRootOnOpen => false;

    public override bool HasRefusalData => true;

    public override PacketParser ParserFor(PacketParser server) => server;

    public override bool TryReadConnect(in SocketPacket packet, out ConnectRequest request)
    {
        var name = packet.Namespace.IsEmpty ? "/" : Encoding.UTF8.GetString(packet.Namespace.Span);
        request = new(name, "", packet.Json.ToArray());
        return packet.Namespace.Length <= MaxNameBytes && packet.Id < 0;
    }

    // socket.io-protocol v5, "Connection state recovery": the client sends "pid" again when it reconnects.
    public override OutgoingMessage Connected(PacketParser parser, ReadOnlySpan<byte> name, string socketId, string? recoveryId)
    {
        byte[] pid = recoveryId is null ? [] : [.. ",\"pid\":\""u8, .. Encoding.ASCII.GetBytes(recoveryId), (byte)'"'];
        return parser.Write(
            SocketPacketType.Connect, name, SocketPacket.NoId, [.. "{\"sid\":\""u8, .. Encoding.ASCII.GetBytes(socketId), (byte)'"', .. pid, (byte)'}']);
    }

    public override OutgoingMessage Refused(PacketParser parser, ReadOnlySpan<byte> name, ReadOnlySpan<byte> message, ReadOnlySpan<byte> data) =>
        parser.Write(
            SocketPacketType.ConnectError, name, SocketPacket.NoId,
            data.IsEmpty ? [.. "{\"message\":"u8, .. message, .. "}"u8] : [.. "{\"message\":"u8, .. message, .. ",\"data\":"u8, .. data, .. "}"u8]);

    public override string SocketId(string @namespace, string sessionId, Func<string> newId) => newId();
}
