using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Redis.Tests.Masters;

/// <summary>Servers with clients over a Redis Cluster of which a master is killed.</summary>
public sealed class RedisClusterServersTests(RedisCluster cluster) : IClassFixture<RedisCluster>
{
    [Theory]
    [InlineData(RoomChannels.Static)]
    [InlineData(RoomChannels.Dynamic)]
    [InlineData(RoomChannels.DynamicPrivate)]
    public async Task Servers_say_what_is_true_while_a_master_is_gone(RoomChannels rooms)
    {
        var prefix = $"{Guid.NewGuid():N}";
        await using var near = await StartAsync("near", prefix, rooms);
        await using var far = await StartAsync("far", prefix, rooms);
        await using var client = await far.JoinAsync();
        await using var local = await near.JoinAsync();
        await Eventually.TrueAsync(() => near.Node.Members.Count == 1 && far.Node.Members.Count == 1, "the servers did not find each other");
        await Eventually.TrueAsync(async () => (await near.Io.FetchSocketsAsync()).Count == 2, "not all sockets are seen");
        Assert.Equal(HealthStatus.Healthy, (await near.CheckHealthAsync()).Status);

        await using var hashing = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(cluster.Configuration);
        var killed = cluster.Owner(hashing.HashSlot(near.Node.Wire.CountChannel("/")));
        await killed.KillAsync();
        await Eventually.TrueAsync(() => near.Node.Bus.Problem is not null && far.Node.Bus.Problem is not null, "the death was not noticed");

        var health = await near.CheckHealthAsync();
        Assert.Equal((HealthStatus.Degraded, BusState.Alive), (health.Status, near.Node.Bus.State));
        Assert.Contains($"127.0.0.1:{killed.Port} ", health.Description, StringComparison.Ordinal);
        var fetched = await near.Io.FetchSocketsAsync();
        Assert.Equal(["far"], fetched.MissingNodes);
        Assert.Equal(local.Id, Assert.Single(fetched).Id);
        await near.Io.EmitAsync("news", 1);
        Assert.Equal("""42["news",1]""", await local.ReadAsync());

        await killed.RunAsync();
        await Eventually.TrueAsync(() => near.Node.Bus.Problem is null && far.Node.Bus.Problem is null, () => near.Node.Bus.Problem ?? far.Node.Bus.Problem!);
        await cluster.MeetAsync();
        await Eventually.TrueAsync(async () => (await near.Io.FetchSocketsAsync()).Count == 2, "the sockets of the other server are not seen");
        await near.Io.EmitAsync("news", 2);
        Assert.Equal("""42["news",2]""", await client.ReadAsync());
        Assert.Equal(HealthStatus.Healthy, (await near.CheckHealthAsync()).Status);
    }

    [Fact]
    public async Task While_the_channel_of_the_servers_is_lost_no_server_counts_as_gone()
    {
        await using var near = await StartAsync("near", $"{Guid.NewGuid():N}", RoomChannels.Dynamic);
        await using var far = await StartAsync("far", near.Node.Wire.NodesChannel[..32], RoomChannels.Dynamic);
        await Eventually.TrueAsync(() => near.Node.Members.Count == 1 && far.Node.Members.Count == 1, "the servers did not find each other");
        await using var hashing = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(cluster.Configuration);
        var killed = cluster.Owner(hashing.HashSlot(near.Node.Wire.NodesChannel));
        var gone = 0;
        near.Node.Members.Gone += (_, _) => Interlocked.Increment(ref gone);

        await killed.KillAsync();
        // Longer than a server may be silent.
        await Task.Delay(TimeSpan.FromSeconds(3));
        await killed.RunAsync();
        await Eventually.TrueAsync(() => near.Node.Bus.Problem is null && far.Node.Bus.Problem is null, () => near.Node.Bus.Problem ?? far.Node.Bus.Problem!);
        await cluster.MeetAsync();

        var beats = near.Node.Members.Others.Single().Heard;
        await Eventually.TrueAsync(() => near.Node.Members.Others.SingleOrDefault()?.Heard > beats, "the other server is not heard");
        Assert.Equal((0, 1), (gone, near.Node.Members.Count));
    }

    private async Task<Server> StartAsync(string name, string prefix, RoomChannels rooms)
    {
        var host = await TestHost.StartAsync(
            io => io.On("unused", () => { }),
            options => options.PingInterval = TimeSpan.FromHours(1),
            builder => builder.Services.AddSingleton(TimeProvider.System).AddSocketIO()
                .AddRedis(o => (o.Configuration, o.Wire, o.Rooms, o.Prefix) = (cluster.Configuration, RedisWire.Sharded, rooms, prefix))
                .AddCluster(o => (o.NodeName, o.DeadAfter, o.BeatInterval) = (name, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(0.5))));
        return new(host, null);
    }
}
