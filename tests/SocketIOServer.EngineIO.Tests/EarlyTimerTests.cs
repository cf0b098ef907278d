namespace SocketIOServer.EngineIO.Tests;

/// <summary>A timer that comes a little early is not armed for the rest over and over until its time has come.</summary>
public sealed class EarlyTimerTests : EngineTests
{
    [Fact]
    public async Task A_heartbeat_of_the_server_arms_its_timer_twice()
    {
        var (host, timers) = await StartAsync();
        await using var client = await host.ConnectAsync();

        for (var i = 1; i <= 3; i++)
        {
            var before = timers.Armed;
            AdvanceTo(host, 25 * i);
            Assert.Equal("2", await client.ReadAsync());
            await client.SendAsync("3");
            await client.SendAsync("4echo");
            Assert.Equal("4echo", await client.ReadAsync());

            Assert.Equal(2, timers.Armed - before);
        }
    }

    [Fact]
    public async Task A_client_that_pings_makes_one_timer_a_silence()
    {
        var (host, timers) = await StartAsync();
        await using var client = await host.ConnectAsync(3);
        AdvanceTo(host, 25);
        await client.SendAsync("2");
        Assert.Equal("3", await client.ReadAsync());
        var before = timers.Armed;

        AdvanceTo(host, 45);
        AdvanceTo(host, 69);

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

        AdvanceTo(host, 44.999);
        Assert.True(host.Single().Session.IsOpen);
        AdvanceTo(host, 45.05);

        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
        Assert.InRange(timers.Armed, 1, 5);
    }

    private async Task<(EngineHost Host, EarlyTimers Timers)> StartAsync()
    {
        EarlyTimers? timers = null;
        var host = Keep(await EngineHost.StartAsync(build: builder => timers = EarlyTimers.Use(builder)));
        return (host, timers!);
    }

    private static void AdvanceTo(EngineHost host, double seconds) =>
        host.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(host.Time.GetTimestamp()));
}
