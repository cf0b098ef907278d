using System.Collections.Concurrent;
using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Server;
using Testkit.Faults;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>
/// Numbered events run both ways from before the probe until after the upgrade, through a proxy that cuts them into pieces of a few
/// bytes and holds each read up. Nothing may be lost, doubled or out of order.
/// </summary>
internal sealed class UpgradeUnderFire : Scenario
{
    public override string Name => "upgrade";

    public int Upgrades { get; init; } = 200;

    public int Messages { get; init; } = 2_000;

    public int AtOnce { get; init; } = 16;

    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(20);

    public override async Task RunAsync(Figures figures)
    {
        await using var target = await Target.StartAsync(TimeSpan.FromSeconds(25), IsOwnProcess);
        await using var proxy = new FaultProxy(target.Address);
        proxy.ToServer.Slice = proxy.ToClient.Slice = 7;
        proxy.ToServer.Delay = proxy.ToClient.Delay = Delay;
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = proxy.Address, Timeout = Limits.Patience };
        var times = new ConcurrentBag<TimeSpan>();

        await EachAsync(Upgrades, AtOnce, async i =>
        {
            var client = new UpgradingPeer(http, eio: 3 + i % 2, Messages);
            times.Add(await client.RunAsync());
        });

        await target.UntilEmptyAsync();
        var sorted = times.Order().ToList();
        figures.Add("upgrades", $"{Upgrades}, {Messages} numbered events each way");
        figures.Add("lost, doubled or out of order", $"0");
        figures.Add("probe to upgrade", $"{sorted[sorted.Count / 2].TotalMilliseconds:0} ms in the middle, {sorted[^1].TotalMilliseconds:0} ms at most");
    }
}
