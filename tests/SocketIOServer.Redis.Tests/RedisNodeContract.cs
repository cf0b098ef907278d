using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;
using SocketIOServer.Cluster.Tests.Node;

namespace SocketIOServer.Redis.Tests;

/// <summary>Servers of ours and of Node on a Redis.</summary>
public abstract class RedisNodeContract(NodeFixture fixture) : NodeContract(fixture.Node)
{
    private bool IsClassic => fixture.Mode == "classic";

    private bool IsStreams => fixture.Mode.StartsWith("streams-", StringComparison.Ordinal);

    private int StreamCount => int.Parse(fixture.Mode["streams-".Length..], CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_client_of_Socket_IO_2_is_reached_by_the_id_that_it_has_in_a_namespace()
    {
        await using var old = await SocketClient.ConnectAsync(Hosts[0], eio: 3);
        Assert.Equal("40", await old.ReadAsync());
        await old.SendAsync("40/chat");
        Assert.Equal("40/chat,", await old.ReadAsync());
        var id = Assert.Single(await Hosts[0].Io.Of("/chat").Local.FetchSocketsAsync()).Id;
        Assert.StartsWith("/chat#", id, StringComparison.Ordinal);
        // Publishers know the id of a socket by its length of 20, and take this one for a room.
        if (fixture.Mode.StartsWith("dynamic", StringComparison.Ordinal)) await fixture.Redis.SubscribedAsync("SHARDNUMSUB", $"socket.io#/chat#{id}#", 1);

        await Node.RunAsync(["of", "/chat"], ["to", id], ["emit", "you", NodeJs]);
        Assert.Equal("""42/chat,["you",2]""", await old.ReadAsync());
        await Hosts[1].Io.Of("/chat").To(id).EmitAsync("you", 1);
        Assert.Equal("""42/chat,["you",1]""", await old.ReadAsync());
    }

    [Fact]
    public async Task A_namespace_that_nobody_here_is_in_is_asked_about_too()
    {
        var there = await SocketClient.ConnectAsync(Node.Address);
        await using var client = await Client.JoinAsync(there, "/any-1");
        await Node.RunAsync(["of", "/any-1"], ["in", client.Id], ["socketsJoin", "a"]);

        var sockets = await Hosts[0].Io.Of("/any-1").FetchSocketsAsync().WaitAsync(TestHost.Patience);
        Assert.Equal([client.Id], sockets.Select(static socket => socket.Id));
        Assert.Empty(sockets.MissingNodes);
        Assert.Equal(1, await Hosts[1].Io.Of("/any-1").CountAsync().WaitAsync(TestHost.Patience));
        Assert.Equal(["a"], await Hosts[0].Io.Of("/any-1").RoomsAsync().WaitAsync(TestHost.Patience));
        await Hosts[0].Io.Of("/any-1").To("a").EmitAsync("news");
        Assert.Equal("""42/any-1,["news"]""", await client.ReadAsync());
    }

    protected override void Add(ISocketServerBuilder io)
    {
        if (IsStreams) io.AddRedisStreams(o => (o.Configuration, o.StreamCount) = (fixture.Redis.Configuration, StreamCount));
        else io.AddRedis(Configure);
    }

    protected override async Task WhenConnectedAsync()
    {
        await fixture.Redis.SubscribedAsync(IsClassic || IsStreams ? "NUMSUB" : "SHARDNUMSUB", IsClassic ? "socket.io-response#/#" : "socket.io#/#", NodeJs + 1);
        if (IsStreams) await WhenNodeReadsAsync();
    }

    protected override async Task WhenListeningAsync((string Room, int Servers)[] rooms)
    {
        if (IsStreams) await ReadAllAsync();
        if (fixture.Mode == "dynamic-private") rooms = [.. rooms, .. Clients.Select(client => (client.Id, 1))];
        if (!fixture.Mode.StartsWith("dynamic", StringComparison.Ordinal)) return;
        foreach (var (room, servers) in rooms) await fixture.Redis.SubscribedAsync("SHARDNUMSUB", $"socket.io#/#{room}#", servers);
    }

    private void Configure(RedisOptions options)
    {
        options.Configuration = fixture.Redis.Configuration;
        options.Wire = IsClassic ? RedisWire.Classic : RedisWire.Sharded;
        options.Rooms = fixture.Mode switch
        {
            "static" => RoomChannels.Static,
            "dynamic-private" => RoomChannels.DynamicPrivate,
            _ => RoomChannels.Dynamic,
        };
    }

    // A stream and the channels have no order between them.
    private async Task ReadAllAsync()
    {
        StreamLog[] logs = [.. Hosts.Select(host => (StreamLog)host.Services.GetRequiredService<SocketServer>().Options.Cluster!.Log!)];
        await logs.ReadAllAsync(fixture.Redis, new StreamNames("socket.io", StreamCount).All);
        // What Node has read shows in the rooms of its client.
        await Hosts[0].Io.To(Clients[NodeJs].Id).JoinAsync("settled");
        await WhenNodeAsync(rooms => rooms.Contains("settled"));
        await Hosts[0].Io.To(Clients[NodeJs].Id).LeaveAsync("settled");
        await WhenNodeAsync(rooms => !rooms.Contains("settled"));
        await logs.ReadAllAsync(fixture.Redis, new StreamNames("socket.io", StreamCount).All);
    }

    private async Task WhenNodeAsync(Func<string[], bool> isTrue)
    {
        while (!isTrue((await Node.RunAsync(["local"], ["fetchSockets"]))[0].GetProperty("rooms").Deserialize<string[]>()!)) await Task.Delay(2);
    }

    // Node begins with what comes after its first XREAD.
    private async Task WhenNodeReadsAsync()
    {
        while (((string?)await fixture.Redis.ExecuteAsync("CLIENT", "LIST"))!.Split("cmd=xread").Length - 1 < NodeJs + StreamCount) await Task.Delay(2);
    }
}
