namespace SocketIOServer.Cluster.Tests.Recovery;

/// <summary>What the program does to the sockets of rooms is done to those too whose sessions are in the store.</summary>
public sealed class SharedAwayTests : SharedServers
{
    private protected override int Count => 3;

    [Fact]
    public async Task It_was_put_into_a_room()
    {
        var (client, _) = await GoAsync("room");
        await Servers[1].Io.To("team").EmitAsync("before it joined");
        await Servers[1].Io.To("room").JoinAsync("team");
        await Servers[2].Io.To("team").EmitAsync("in team");

        var socket = await ReturnAsync(client);
        Assert.True(client.Recovered, Refusals);
        Assert.Equal(["room", "team"], socket.Rooms.Where(room => room != socket.Id).Order());
        await Servers[2].Io.To("team").EmitAsync("live");
        Assert.Equal(["""["in team"]""", """["live"]"""], await client.ReadAsync(2));
    }

    [Fact]
    public async Task It_was_taken_out_of_a_room()
    {
        var (client, id) = await GoAsync("room", "team");
        await Servers[1].Io.To("team").EmitAsync("in team");
        await Servers[2].Io.To(id).LeaveAsync("team");
        await Servers[1].Io.To("team").EmitAsync("not in team");

        var socket = await ReturnAsync(client);
        Assert.True(client.Recovered, Refusals);
        Assert.Equal(["room"], socket.Rooms.Where(room => room != socket.Id));
        await Servers[2].Io.To("team").EmitAsync("not in team");
        await Servers[2].Io.To("room").EmitAsync("live");
        Assert.Equal(["""["in team"]""", """["live"]"""], await client.ReadAsync(2));
    }

    [Fact]
    public async Task It_was_disconnected()
    {
        var (client, id) = await GoAsync("room");
        await Servers[1].Io.To("room").DisconnectAsync();

        await ReturnAsync(client);
        Assert.False(client.Recovered);
        Assert.NotEqual(id, client.Sid);
        Assert.Contains("unknown", Refusals, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_count_in_their_order()
    {
        var (client, _) = await GoAsync("a");
        await Servers[1].Io.To("a").JoinAsync("b");
        await Servers[2].Io.To("b").LeaveAsync("a");
        await Servers[1].Io.To("a").DisconnectAsync();
        await Servers[1].Io.Except("b").DisconnectAsync();
        await Servers[2].Io.To("b").EmitAsync("in b");

        var socket = await ReturnAsync(client);
        Assert.True(client.Recovered, Refusals);
        Assert.Equal(["b"], socket.Rooms.Where(room => room != socket.Id));
        Assert.Equal("""["in b"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task A_server_that_has_just_started_knows_the_changes()
    {
        var (client, _) = await GoAsync("room");
        await Servers[1].Io.To("room").JoinAsync("team");
        await Servers[1].Io.To("team").EmitAsync("in team");
        await StartAsync();

        client.Host = Servers[3].Host;
        await client.ConnectAsync();
        Assert.True(client.Recovered, Refusals);
        Assert.Equal("""["in team"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Changes_that_are_no_longer_kept_begin_a_new_session()
    {
        await StartAsync(options => options.Recovery!.MaxMessages = 1);
        var (client, _) = await GoAsync("room");
        await Servers[1].Io.To("room").JoinAsync("team");
        await Servers[1].Io.To("elsewhere").JoinAsync("another");
        await Eventually.TrueAsync(() => Readers.Skip(1).All(reader => reader.ReadUpTo("/") >= Log.Last), "everything was read");

        client.Host = Servers[3].Host;
        await client.ConnectAsync();
        Assert.False(client.Recovered);
        Assert.Contains("trimmed", Refusals, StringComparison.Ordinal);
    }

    // Its session is in the store, and its server is gone.
    private async Task<(RecoveringClient Client, string Id)> GoAsync(params string[] rooms)
    {
        var (client, socket) = await JoinAsync(0, rooms);
        await socket.EmitAsync("first");
        await client.ReadAsync();
        await CutAsync(client);
        await Servers[0].Host.StopInTimeAsync();
        return (client, socket.Id);
    }

    private async Task<ISocket> ReturnAsync(RecoveringClient client)
    {
        await Eventually.TrueAsync(() => Readers.Skip(1).All(reader => reader.ReadUpTo("/") >= Log.Last), "everything was read");
        return await ReturnAsync(client, 1);
    }
}
