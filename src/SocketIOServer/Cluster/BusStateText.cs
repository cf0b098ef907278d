namespace SocketIOServer.Cluster;

/// <summary>The state of a bus in the words of a sentence, for the log, the health check and exceptions: "The bus is …".</summary>
internal static class BusStateText
{
    public static string InWords(this BusState state) => state switch
    {
        BusState.Connecting => "not connected yet",
        BusState.Alive => "alive",
        BusState.Deaf => "connected, but does not deliver messages",
        _ => "down",
    };
}
