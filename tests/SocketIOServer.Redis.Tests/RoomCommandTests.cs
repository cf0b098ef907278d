using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Redis.Tests;

/// <summary>What rooms and namespaces that come and go cost Redis, where each has a channel.</summary>
public sealed class RoomCommandTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private const int Rooms = 2000;

    [Fact]
    public async Task A_room_costs_one_command_when_it_comes_and_one_when_it_goes_and_leaves_nothing_behind()
    {
        await using var host = await TestHost.StartAsync(
            io => io.OfAny(static name => name.StartsWith("/any", StringComparison.Ordinal)),
            build: builder => builder.Services.AddSocketIO().AddRedis(o => (o.Configuration, o.Wire, o.Prefix) = (fixture.Redis.Configuration, RedisWire.Sharded, "rooms")));
        await using var first = await Client.JoinAsync(host);
        await using var second = await Client.JoinAsync(host);
        await Eventually.TrueAsync(() => host.Io.Cluster.State == Cluster.BusState.Alive, "the bus is alive");
        var (before, subscribed, unsubscribed) = (await ChannelsAsync(), await CallsAsync("ssubscribe"), await CallsAsync("sunsubscribe"));

        for (var i = 0; i < Rooms; i++) await host.Io.JoinAsync($"room {i}");
        for (var i = 0; i < Rooms; i++) await host.Io.FindSocket(first.Id)!.LeaveAsync($"room {i}");
        for (var i = 0; i < Rooms; i++) await host.Io.FindSocket(first.Id)!.JoinAsync($"room {i}");
        await UntilAsync(before + Rooms).Soon();
        Assert.Equal(Rooms, await CallsAsync("ssubscribe") - subscribed);
        Assert.Equal(0, await CallsAsync("sunsubscribe") - unsubscribed);

        await host.Io.LeaveAsync([.. Enumerable.Range(0, Rooms).Select(static i => $"room {i}")]);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(before).Soon();
        Assert.Equal(Rooms, await CallsAsync("sunsubscribe") - unsubscribed);
    }

    private async Task UntilAsync(int channels)
    {
        while (await ChannelsAsync() != channels) await Task.Delay(5);
    }

    private async Task<int> ChannelsAsync() => ((string?[])(await fixture.Redis.ExecuteAsync("PUBSUB", "SHARDCHANNELS", "rooms#*"))!).Length;

    private async Task<int> CallsAsync(string command)
    {
        var calls = Regex.Match((await fixture.Redis.ExecuteAsync("INFO", "commandstats")).ToString(), $"cmdstat_{command}:calls=(\\d+)");
        return calls.Success ? int.Parse(calls.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }
}
