namespace SocketIOServer.EngineIO.Tests;

/// <summary>R-13: timeouts go by timestamps, so a jump of the time of day changes nothing.</summary>
public sealed class WallClockTests : HeartbeatTests
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, -1)]
    [InlineData(4, 1)]
    [InlineData(4, -1)]
    public async Task A_jump_by_days_neither_ends_a_session_nor_keeps_a_dead_one(int eio, int days)
    {
        JumpingClock clock = null!;
        var host = Keep(await EngineHost.StartAsync(build: builder => clock = JumpingClock.Use(builder)));
        await using var client = await host.ConnectAsync(eio);

        clock.Jump(TimeSpan.FromDays(days));
        Advance(host, 24.9);
        Assert.True(host.Single().Session.IsOpen);
        clock.Jump(TimeSpan.FromDays(days));
        // Revision 4: a ping and no pong. Revision 3: no ping.
        Advance(host, 20);
        Assert.True(host.Single().Session.IsOpen);
        clock.Jump(TimeSpan.FromDays(-3 * days));
        Advance(host, 0.1);

        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
    }
}
