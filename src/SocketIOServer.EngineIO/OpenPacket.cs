using System.Globalization;
using System.Text;
using SocketIOServer.EngineIO.Transports;

namespace SocketIOServer.EngineIO;

/// <summary>The first packet of a session. engine.io-protocol, "Handshake"; the key order is the reference's.</summary>
internal sealed class OpenPacket
{
    // Everything except the session id is the same for all sessions of a transport.
    private readonly Dictionary<ITransport, byte[]> _rests;

    public OpenPacket(EngineOptions options, ITransport[] transports) =>
        _rests = transports.ToDictionary(transport => transport, transport =>
        {
            var upgrades = options.AllowUpgrades ? transport.Upgrades.Where(name => transports.Any(other => other.Name == name)) : [];
            var names = string.Join(',', upgrades.Select(name => $"\"{name}\""));
            return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"\",\"upgrades\":[{names}],\"pingInterval\":{(long)options.PingInterval.TotalMilliseconds},\"pingTimeout\":{(long)options.PingTimeout.TotalMilliseconds},\"maxPayload\":{options.MaxPayload}}}"));
        });

    private static ReadOnlySpan<byte> Start => "0{\"sid\":\""u8;

    // Session ids and transport names contain no characters that need escaping.
    public OutgoingMessage Write(EngineSession session)
    {
        var rest = _rests[session.Transport];
        var packet = new byte[Start.Length + session.Id.Length + rest.Length];
        Start.CopyTo(packet);
        Encoding.ASCII.GetBytes(session.Id, packet.AsSpan(Start.Length));
        rest.CopyTo(packet, Start.Length + session.Id.Length);
        return new(packet);
    }
}
