namespace SocketIOServer.Protocol.EngineIO;

/// <summary>Which forms of a polling payload a client can read.</summary>
internal enum PayloadForm : byte
{
    Text,
    Either,
    Binary,
}
