namespace SocketIOServer.EngineIO;

/// <summary>The first difference between an origin and the server's address. The host is compared first, because it is the part that people notice.</summary>
internal enum OriginDifference
{
    None,
    Host,
    Scheme,
    Port,
}
