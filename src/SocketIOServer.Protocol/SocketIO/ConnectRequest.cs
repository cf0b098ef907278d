namespace SocketIOServer.Protocol.SocketIO;

/// <summary>The content of a CONNECT packet.</summary>
/// <param name="Namespace">The namespace, always with its leading slash.</param>
/// <param name="Query">The part of an old client's namespace after "?", not decoded. Otherwise empty.</param>
/// <param name="Auth">A JSON object in memory of its own. Empty if the client sent none.</param>
internal sealed record ConnectRequest(string Namespace, string Query, byte[] Auth);
