namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>Channels of rooms and namespaces: there while somebody is in them, and not much longer.</summary>
public sealed class RoomChannelTests() : ThreeServers(RoomChannels.Dynamic)
{
    [Fact]
    public async Task A_room_is_listened_to_from_its_first_member_until_a_second_after_its_last()
    {
        await Servers[1].Io.To(Clients[1].Id).JoinAsync("a");
        Assert.Equal(1, await Buses[0].CountAsync("socket.io#/#a#", default));
        await First.To("a").EmitAsync("for a");
        Assert.Equal("""42["for a"]""", await Clients[1].ReadAsync());

        await Servers[1].Io.LeaveAsync("a");
        Advance(500);
        Assert.Equal(1, await Buses[0].CountAsync("socket.io#/#a#", default));
        Advance(500);

        Assert.Equal(0, await Buses[0].CountAsync("socket.io#/#a#", default));
    }

    [Fact]
    public async Task Who_comes_back_within_the_second_keeps_the_channel()
    {
        var socket = Servers[1].Io.FindSocket(Clients[1].Id)!;
        await socket.JoinAsync("a");
        await socket.LeaveAsync("a");
        Advance(500);
        await socket.JoinAsync("a");

        Advance(2000);

        Assert.Equal(1, await Buses[0].CountAsync("socket.io#/#a#", default));
        Assert.Equal(1, Servers[1].Adapter().RoomChannels);
    }

    [Fact]
    public async Task Thousands_of_rooms_and_namespaces_leave_no_subscription_behind()
    {
        var before = Buses.Select(bus => bus.Subscriptions).ToArray();
        var socket = Servers[1].Io.FindSocket(Clients[1].Id)!;
        for (var i = 0; i < 5000; i++) await socket.JoinAsync($"room {i}");
        Assert.Equal(before[1] + 5000, Buses[1].Subscriptions);
        for (var i = 0; i < 5000; i++) await socket.LeaveAsync($"room {i}");
        for (var i = 0; i < 20; i++)
        {
            await using var client = await SocketClient.ConnectAsync(Servers[2].Host);
            for (var name = 0; name < 50; name++)
            {
                await client.SendAsync($"40/any{i}-{name},");
                await client.ReadAsync();
            }

            await client.CloseAsync();
        }

        // And namespaces that only a program has asked about.
        for (var i = 0; i < 500; i++) Assert.Equal(0, await First.Of($"/any-{i}").CountAsync().Soon());
        Advance(1000);

        await Eventually.TrueAsync(() => before.SequenceEqual(Buses.Select(bus => bus.Subscriptions)), () => string.Join(", ", Buses.Select(bus => bus.Subscriptions)));
        Assert.Equal(0, Servers[1].Adapter().RoomChannels);
        Assert.Equal(["/", "/chat"], Servers[2].Node.InUse.Keys.Order(StringComparer.Ordinal));
    }
}
