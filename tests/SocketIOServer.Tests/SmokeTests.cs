namespace SocketIOServer.Tests;

public sealed class SmokeTests
{
    [Fact]
    public async Task A_client_joins_and_gets_its_event_back()
    {
        await using var host = await TestHost.StartAsync(io => io.On("echo", (string text, ISocket socket) => socket.EmitAsync("echo", text)));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["echo","hällo"]""");

        Assert.Equal("""42["echo","hällo"]""", await client.ReadAsync());
    }
}
