namespace SocketIOServer.Protocol.EngineIO;

/// <summary>The forms of polling payloads that a client can read.</summary>
internal enum PayloadForm : byte
{
    Text,
    Either,
    Binary,
}
