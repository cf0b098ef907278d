namespace SocketIOServer.EngineIO;

/// <summary>In what an origin and a server's address differ; the host is looked at first, for it is what people see.</summary>
internal enum OriginDifference
{
    None,
    Host,
    Scheme,
    Port,
}
