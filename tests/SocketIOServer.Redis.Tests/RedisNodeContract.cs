using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Node;
using SocketIOServer.Hosting;

namespace SocketIOServer.Redis.Tests;

/// <summary>Servers of ours and of Node on a Redis.</summary>
public abstract class RedisNodeContract(NodeFixture fixture) : NodeContract(fixture.Node)
{
    private bool IsClassic => fixture.Mode == "classic";

    private bool IsStreams => fixture.Mode.StartsWith("streams-", StringComparison.Ordinal);

    private int StreamCount => int.Parse(fixture.Mode["streams-".Length..], CultureInfo.InvariantCulture);

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
