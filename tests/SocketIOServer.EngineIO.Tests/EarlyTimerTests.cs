namespace SocketIOServer.EngineIO.Tests;

/// <summary>A timer that comes a little early is not armed for the rest over and over until its time has come.</summary>
public sealed class EarlyTimerTests : HeartbeatTests
{
    [Fact]
    public async Task A_heartbeat_of_the_server_arms_its_timer_twice()
    {
        var (host, timers) = await StartAsync();
        await using var client = await host.ConnectAsync();

        for (var i = 0; i < 3; i++)
        {
            var before = timers.Armed;
            Advance(host, 25);
            Assert.Equal("2", await client.ReadAsync());
            await PongAsync(client);

            Assert.Equal(2, timers.Armed - before);
        }
    }

    [Fact]
    public async Task A_client_that_pings_makes_one_timer_a_silence()
    {
        var (host, timers) = await StartAsync();
        await using var client = await host.ConnectAsync(3);
        Advance(host, 25);
        await client.SendAsync("2");
        Assert.Equal("3", await client.ReadAsync());
        var before = timers.Armed;

        Advance(host, 44);

        Assert.Equal(1, timers.Armed - before);
        Assert.True(host.Single().Session.IsOpen);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Silence_does_not_end_a_session_early(int eio)
    {
        var (host, timers) = await StartAsync();
        await using var client = await host.ConnectAsync(eio);

        Advance(host, 44.999);
        Assert.True(host.Single().Session.IsOpen);
        Advance(host, 0.051);

        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
        Assert.InRange(timers.Armed, 1, 5);
    }

    private async Task<(EngineHost Host, EarlyTimers Timers)> StartAsync()
    {
        EarlyTimers? timers = null;
        var host = Keep(await EngineHost.StartAsync(build: builder => timers = EarlyTimers.Use(builder)));
        return (host, timers!);
    }
}
