namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A client is away, and its server still hears what the other servers send to it: in a namespace and in rooms that nobody else is in.</summary>
public sealed class AwayClientTests : IAsyncLifetime
{
    private readonly InProcessBus _medium = new();
    private readonly List<FaultyBus> _buses = [];
    private readonly List<Server> _servers = [];

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
    }

    [Theory]
    [InlineData(RoomChannels.Static, "/")]
    [InlineData(RoomChannels.Static, "/any")]
    [InlineData(RoomChannels.Dynamic, "/")]
    [InlineData(RoomChannels.Dynamic, "/any")]
    [InlineData(RoomChannels.DynamicPrivate, "/")]
    [InlineData(RoomChannels.DynamicPrivate, "/any")]
    public async Task It_misses_nothing_of_other_servers(RoomChannels rooms, string name)
    {
        await StartAsync(rooms);
        await using var client = await new RecoveringClient(_servers[0].Host, name).ConnectAsync();
        await _servers[0].Io.Of(name).FindSocket(client.Sid)!.JoinAsync("room");
        for (var i = 0; i < 3; i++)
        {
            await CutAsync(client, name);
            Advance(10);
            GC.Collect();
            var there = _servers[1].Io.Of(name);
            await there.EmitAsync("to all", i);
            await there.To("room").EmitAsync("to its room", i);
            await there.To(client.Sid).EmitAsync("to itself", i);
            await there.To("other").EmitAsync("to others", i);

            await client.ConnectAsync();

            Assert.True(client.Recovered);
            Assert.Equal([$"""["to all",{i}]""", $"""["to its room",{i}]""", $"""["to itself",{i}]"""], await client.ReadAsync(3));
        }
    }

    [Theory]
    [InlineData(RoomChannels.Static)]
    [InlineData(RoomChannels.DynamicPrivate)]
    public async Task Nothing_is_listened_to_once_its_session_has_ended(RoomChannels rooms)
    {
        await StartAsync(rooms);
        var before = _buses[0].Subscriptions;
        await using var expiring = await new RecoveringClient(_servers[0].Host, "/any-1").ConnectAsync();
        await using var returning = await new RecoveringClient(_servers[0].Host, "/any-2").ConnectAsync();
        await using var refused = await new RecoveringClient(_servers[0].Host, "/any-3").ConnectAsync();
        foreach (var (client, name) in ((RecoveringClient, string)[])[(expiring, "/any-1"), (returning, "/any-2"), (refused, "/any-3")])
        {
            await _servers[0].Io.Of(name).FindSocket(client.Sid)!.JoinAsync("room");
            await CutAsync(client, name);
        }

        Advance(10);
        Assert.Equal(["/", "/any-1", "/any-2", "/any-3", "/chat"], InUse());
        await returning.ConnectAsync();
        Assert.True(returning.Recovered);
        await returning.Client.SendAsync("41/any-2,");
        refused.Offset = "from the future";
        await refused.ConnectAsync();
        Assert.False(refused.Recovered);
        await refused.Client.SendAsync("41/any-3,");
        await Eventually.TrueAsync(() => InUse().SequenceEqual(["/", "/any-1", "/chat"]), () => string.Join(' ', InUse()));
        Advance(150);

        await Eventually.TrueAsync(() => InUse().SequenceEqual(["/", "/chat"]), () => string.Join(' ', InUse()));
        await Eventually.TrueAsync(() => _buses[0].Subscriptions == before, () => $"{_buses[0].Subscriptions} instead of {before}");
    }

    private string[] InUse() => [.. _servers[0].Node.InUse.Keys.Order(StringComparer.Ordinal)];

    private async Task StartAsync(RoomChannels rooms)
    {
        for (var i = 0; i < 2; i++)
        {
            _buses.Add(new(_medium.Connect()));
            _servers.Add(await Server.StartAsync(_buses[i], () => new JsonWire(rooms: rooms), options: options => options.Recovery = new()));
        }
    }

    private async Task CutAsync(RecoveringClient client, string name)
    {
        client.Cut();
        await Eventually.TrueAsync(() => _servers[0].Io.Of(name).FindSocket(client.Sid) is null, "the server has noticed");
    }

    private void Advance(int seconds)
    {
        for (; seconds > 0; seconds--)
        {
            foreach (var server in _servers) server.Host.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
