using SocketIOClient.Transport;

namespace SocketIOServer.Interop.CSharp;

/// <summary>How a client travels: its name in reports, where it begins, whether it moves on to a WebSocket.</summary>
internal sealed record Way(string Name, TransportProtocol Transport, bool Upgrades);
