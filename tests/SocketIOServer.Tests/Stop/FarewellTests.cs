namespace SocketIOServer.Tests.Stop;

/// <summary>A stop loses nothing that clients had coming: the close is behind it, and the server answers the poll that comes for it (CONTRACT R-5).</summary>
public sealed class FarewellTests
{
    [Fact]
    public async Task A_polling_client_gets_its_queue_and_then_the_close_and_the_stop_goes_on_at_once()
    {
        await using var host = await TestHost.StartAsync();
        var client = await PollingClient.JoinAsync(host);
        await host.Io.EmitAsync("last", "words");

        var stopping = host.StopAsync();
        var words = await client.PollAsync();
        Assert.False(stopping.IsCompleted);
        var close = await client.PollAsync();
        // No clock moves: nothing but the two polls was waited for.
        await stopping.Soon();

        Assert.Equal(("""42["last","words"]""", "1"), (words, close));
    }

    [Fact]
    public async Task A_polling_client_that_does_not_come_is_waited_for_no_longer_than_CloseTimeout()
    {
        await using var host = await TestHost.StartAsync();
        await PollingClient.JoinAsync(host);

        var stopping = host.StopAsync();
        host.Time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.False(stopping.IsCompleted);
        host.Time.Advance(TimeSpan.FromTicks(1));

        await stopping.Soon();
    }

    [Fact]
    public async Task New_clients_get_503_while_others_are_waited_for()
    {
        await using var host = await TestHost.StartAsync();
        var client = await PollingClient.JoinAsync(host);

        var stopping = host.StopAsync();
        using var refused = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Equal("1", await client.PollAsync());

        await stopping.Soon();
    }

    [Fact]
    public async Task A_client_that_has_moved_to_WebSocket_gets_its_queue_and_the_close_there()
    {
        await using var host = await TestHost.StartAsync(io => io.OnPing());
        var polling = await PollingClient.JoinAsync(host);
        await using var socket = await SocketClient.OpenAsync(host, query: $"&sid={polling.Sid}");
        Assert.Equal("3probe", await socket.AskAsync("2probe"));
        await socket.SendAsync("5");
        await socket.AssertAliveAsync();
        await host.Io.EmitAsync("last", "words");

        var stopping = host.StopAsync();

        Assert.Equal("""42["last","words"]""", await socket.ReadAsync());
        Assert.Equal("closed 1001", await socket.ReadAsync());
        await socket.CloseAsync();
        await stopping.Soon();
    }
}
