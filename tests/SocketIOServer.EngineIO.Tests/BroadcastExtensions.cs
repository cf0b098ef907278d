namespace SocketIOServer.EngineIO.Tests;

internal static class BroadcastExtensions
{
    /// <summary>A broadcast whose receivers take everything at once.</summary>
    public static void Broadcast(this BroadcastBackpressure backpressure, int bytes) =>
        backpressure.OnBroadcast(bytes, new Outbox(int.MaxValue), 1, static (outbox, _) => outbox);
}
