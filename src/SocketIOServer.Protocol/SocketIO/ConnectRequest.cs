namespace SocketIOServer.Protocol.SocketIO;

/// <summary>What a CONNECT packet asks for.</summary>
/// <param name="Namespace">Always with its slash.</param>
/// <param name="Query">The part behind "?" of an old client's namespace, undecoded; else empty.</param>
/// <param name="Auth">A JSON object, owned; empty when none was sent.</param>
internal sealed record ConnectRequest(string Namespace, string Query, byte[] Auth);
