namespace SocketIOServer.EngineIO.Tests;

/// <summary>The promise of: numbered messages run in both directions from before the probe until after the upgrade.</summary>
public sealed class UpgradeOrderTests : EngineTests
{
    private const int Upgrades = 200;
    private const int Messages = 2000;
    private const int AtOnce = 8;

    [Fact]
    public async Task Upgrade_keeps_order_while_packets_are_sent()
    {
        var host = Keep(await EngineHost.StartAsync(
            // The clock only runs here so that polls that came during a probe end.
            options => (options.PingInterval, options.UpgradeTimeout, options.CloseTimeout) = (TimeSpan.FromDays(1), TimeSpan.FromDays(1), TimeSpan.FromDays(1)),
            onMessage: (_, _) => default));
        using var clock = new Timer(_ => host.Time.Advance(TimeSpan.FromMilliseconds(100)), null, 10, 10);
        var numbers = Enumerable.Range(0, Messages).Select(UpgradingClient.Text).ToList();

        await Parallel.ForEachAsync(Enumerable.Range(0, Upgrades), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, cancel) =>
        {
            await using var client = new UpgradingClient(host, eio: 3 + i % 2, Messages);
            await client.RunAsync().WaitAsync(TestHost.Patience, cancel);

            Assert.Equal(numbers, client.Received);
            Assert.Equal(numbers, client.ReceivedByServer);
            Assert.True(client.Server.Session.IsOpen);
        });
    }
}
