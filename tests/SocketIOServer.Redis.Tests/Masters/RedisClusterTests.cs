using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using SocketIOServer.Redis.Tests.Faults;

namespace SocketIOServer.Redis.Tests.Masters;

/// <summary>The bus on a Redis Cluster of three masters.</summary>
public sealed class RedisClusterTests(RedisCluster cluster) : IClassFixture<RedisCluster>
{
    // A master that does not answer is noticed after three of them.
    private static readonly TimeSpan ShortProbe = Rounds.IsLong ? TimeSpan.FromSeconds(1.5) : TimeSpan.FromSeconds(0.75);

    [Fact]
    public async Task Slots_that_move_under_load_lose_nothing()
    {
        for (var round = 0; round < Rounds.Count; round++)
        {
            await using var traffic = await ClusterTraffic.StartAsync(cluster);

            for (var i = 0; i < ClusterTraffic.Channels; i += 2)
            {
                var from = cluster.Masters.IndexOf(cluster.Owner(traffic.Slots[i]));
                await cluster.MoveAsync(traffic.Slots[i], cluster.Masters[(from + 1) % 3]);
            }

            await traffic.SentAsync(100);
            await traffic.EndAsync();
            Rounds.Say($"slots moved: {traffic.Sent} times 64 sent, {Enumerable.Range(0, ClusterTraffic.Channels).Sum(traffic.Missing)} missing");
            Assert.All(Enumerable.Range(0, ClusterTraffic.Channels), channel => Assert.Equal((channel, 0), (channel, traffic.Missing(channel))));
            Assert.Empty(traffic.Changes);
            AssertCounted(traffic, dropped: 0);
        }
    }

    [Fact]
    public async Task A_channel_that_no_master_has_had_is_heard_again()
    {
        await using var traffic = await ClusterTraffic.StartAsync(cluster);
        var slot = traffic.Slots[0];
        var from = cluster.Owner(slot);
        var to = cluster.Masters[(cluster.Masters.IndexOf(from) + 1) % 3];
        await cluster.AgreeAsync();

        await cluster.DisclaimAsync(slot, to);
        // Longer than StackExchange.Redis tries.
        await traffic.SentAsync(100);
        await cluster.MoveAsync(slot, to);
        await traffic.HeardAsync(0);

        await traffic.EndAsync();
        Assert.All(Enumerable.Range(1, ClusterTraffic.Channels - 1), channel => Assert.Equal((channel, 0), (channel, traffic.Missing(channel))));
    }

    [Fact]
    public async Task A_master_that_is_killed_takes_only_its_own_channels_away()
    {
        for (var round = 0; round < Rounds.Count; round++)
        {
            await using var traffic = await ClusterTraffic.StartAsync(cluster);
            var killed = cluster.Masters[round % 3];
            int[] its = [.. Enumerable.Range(0, ClusterTraffic.Channels).Where(channel => cluster.Owner(traffic.Slots[channel]) == killed)];

            await killed.KillAsync();
            await Eventually.TrueAsync(() => traffic.From.Problem is not null && traffic.To.Problem is not null, "the death was not noticed");
            Assert.Contains($"127.0.0.1:{killed.Port} ", traffic.From.Problem, StringComparison.Ordinal);
            await Task.Delay(Rounds.Take(1, 3));
            Assert.False(traffic.From.Carries(traffic.Names[its[0]]));
            Assert.Equal(-1, await traffic.From.CountAsync(traffic.Names[its[0]], CancellationToken.None));
            var late = new ConcurrentQueue<string>();
            var postponed = traffic.To.Subscribe(new(traffic.Names[its[0]] + "{" + traffic.Names[its[0]] + "}"), (_, message) => late.Enqueue(Encoding.UTF8.GetString(message)));

            await killed.RunAsync();
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(its.Select(traffic.HeardAsync));
            var back = clock.Elapsed;
            await Eventually.TrueAsync(() => traffic.From.Problem is null && traffic.To.Problem is null, () => traffic.From.Problem ?? traffic.To.Problem!);
            await postponed.Ready.WaitAsync(TestHost.Patience);
            await cluster.MeetAsync();

            await traffic.EndAsync();
            Rounds.Say($"master killed: back {back.TotalSeconds:0.00} s; {traffic.Sent} times 64 sent, {its.Sum(traffic.Missing)} missing on its {its.Length} channels, {Enumerable.Range(0, ClusterTraffic.Channels).Except(its).Sum(traffic.Missing)} on the others; {traffic.From.Statistics}");
            Assert.All(Enumerable.Range(0, ClusterTraffic.Channels).Except(its), channel => Assert.Equal((channel, 0), (channel, traffic.Missing(channel))));
            Assert.All(its, channel => Assert.InRange(traffic.Missing(channel), traffic.Refused(channel), traffic.Sent));
            Assert.Empty(traffic.Changes);
            AssertCounted(traffic, its.Sum(traffic.Refused));
            Assert.True(back < TimeSpan.FromSeconds(5), $"back after {back}");
        }
    }

    [Fact]
    public async Task A_master_that_is_frozen_holds_up_no_other()
    {
        await using var traffic = await ClusterTraffic.StartAsync(cluster, ShortProbe);
        var frozen = cluster.Masters[2];

        frozen.Freeze();
        try
        {
            await Eventually.TrueAsync(() => traffic.From.Problem is not null && traffic.To.Problem is not null, "it was not noticed");
            var other = Array.FindIndex(traffic.Slots, slot => cluster.Owner(slot) != frozen);
            await traffic.HeardAsync(other);
        }
        finally
        {
            frozen.Thaw();
        }

        await Eventually.TrueAsync(() => traffic.From.Problem is null && traffic.To.Problem is null, () => traffic.From.Problem ?? traffic.To.Problem!);
        await cluster.MeetAsync();
        await traffic.EndAsync();
        for (var i = 0; i < ClusterTraffic.Channels; i++)
        {
            if (cluster.Owner(traffic.Slots[i]) != frozen) Assert.Equal((i, 0), (i, traffic.Missing(i)));
        }

        Assert.Empty(traffic.Changes);
    }

    [Fact]
    public async Task A_master_that_is_added_is_used_and_watched()
    {
        await using var traffic = await ClusterTraffic.StartAsync(cluster, ShortProbe);
        var added = await cluster.AddMasterAsync();

        int[] its = [1, 5, 9];
        var before = its.Select(channel => cluster.Owner(traffic.Slots[channel])).ToArray();
        foreach (var channel in its) await cluster.MoveAsync(traffic.Slots[channel], added);
        foreach (var channel in its) await traffic.HeardAsync(channel);
        added.Freeze();
        await Eventually.TrueAsync(() => traffic.From.Problem?.Contains($":{added.Port} ", StringComparison.Ordinal) is true, () => $"{traffic.From.Problem}");
        added.Thaw();
        await Eventually.TrueAsync(() => traffic.From.Problem is null && traffic.To.Problem is null, () => traffic.From.Problem ?? traffic.To.Problem!);
        await cluster.MeetAsync();
        for (var i = 0; i < its.Length; i++) await cluster.MoveAsync(traffic.Slots[its[i]], before[i]);
        await traffic.SentAsync(100);
        await traffic.EndAsync();

        for (var i = 0; i < ClusterTraffic.Channels; i++)
        {
            if (!its.Contains(i)) Assert.Equal((i, 0), (i, traffic.Missing(i)));
        }

        Assert.Empty(traffic.Changes);
    }

    [Fact]
    public async Task Classic_messages_arrive_in_order_and_outlive_a_master()
    {
        await using var from = await ClusterTraffic.ConnectAsync(cluster.Configuration, isSharded: false);
        await using var to = await ClusterTraffic.ConnectAsync(cluster.Configuration, isSharded: false);
        var heard = new ConcurrentQueue<string>();
        await to.Subscribe(new("classic#", IsPrefix: true), (_, message) => heard.Enqueue(Encoding.UTF8.GetString(message))).Ready.WaitAsync(TestHost.Patience);

        for (var i = 0; i < 3000; i++) Assert.True(from.Publish($"classic#{i % 5}", Encoding.UTF8.GetBytes($"{i}")));
        await Eventually.TrueAsync(() => heard.Count == 3000, () => $"{heard.Count} came");
        Assert.Equal(Enumerable.Range(0, 3000).Select(static i => $"{i}"), heard);

        await cluster.Masters[0].KillAsync();
        await Eventually.TrueAsync(
            () =>
            {
                from.Publish("classic#0", "again"u8.ToArray());
                return heard.Contains("again");
            },
            () => $"nothing came; {from.State}, {to.State}");
        await cluster.Masters[0].RunAsync();
        await cluster.MeetAsync();
    }

    private static void AssertCounted(ClusterTraffic traffic, int dropped)
    {
        var statistics = traffic.From.Statistics;
        Assert.Equal((long)traffic.Sent * ClusterTraffic.Channels, statistics.Published + statistics.Dropped + statistics.Uncertain);
        Assert.InRange(statistics.Dropped, dropped, long.MaxValue);
        if (dropped == 0) Assert.Equal(0, statistics.Dropped + statistics.Uncertain);
    }
}
