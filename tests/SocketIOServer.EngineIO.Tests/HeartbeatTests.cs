namespace SocketIOServer.EngineIO.Tests;

/// <summary>Time passes, and a client shows that it is alive.</summary>
public abstract class HeartbeatTests : EngineTests
{
    private protected static void Advance(EngineHost host, double seconds) => host.Time.Advance(TimeSpan.FromSeconds(seconds));

    private protected static async Task PongAsync(SocketClient client)
    {
        await client.SendAsync("3");
        await EchoAsync(client);
    }
}
