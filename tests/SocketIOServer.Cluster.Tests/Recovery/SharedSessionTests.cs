using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Cluster.Tests.Recovery;

/// <summary>A client that lost its connection comes back to any server of a cluster whose servers share a log.</summary>
public sealed class SharedSessionTests : SharedServers
{
    private protected override int Count => 3;

    [Fact]
    public async Task It_gets_its_id_rooms_data_and_what_it_missed()
    {
        var (client, socket) = await JoinAsync(0, "room");
        socket.Data.Set("name", "Ada");
        await Servers[1].Io.To("room").EmitAsync("first");
        Assert.Equal("""["first"]""", await client.ReadAsync());
        Assert.Matches("^[0-9]+-[0-9]+$", client.Offset);
        await CutAsync(client);
        await Servers[0].Io.To("room").EmitAsync("from its server", new byte[] { 1, 2 });
        await Servers[1].Io.EmitAsync("from the new one", "e");
        await Servers[2].Io.To(socket.Id).EmitAsync("from a third");
        await socket.EmitAsync("by the old socket");
        await Servers[2].Io.To("other").EmitAsync("not for it");
        await Servers[2].Io.Volatile.EmitAsync("volatile");

        var (sid, pid) = (client.Sid, client.Pid);
        await ReadAsync();
        var moved = await ReturnAsync(client, 1);

        Assert.True(client.Recovered && moved.Recovered);
        Assert.Equal((sid, pid, sid), (client.Sid, client.Pid, moved.Id));
        Assert.Equal("Ada", moved.Data.Get<string>("name"));
        Assert.Equal(["room", sid], moved.Rooms.OrderBy(room => room == sid));
        Assert.StartsWith("""451-["from its server",""", await client.Client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("b:0102", await client.Client.ReadAsync());
        Assert.Equal(["""["from the new one","e"]""", """["from a third"]""", """["by the old socket"]"""], await client.ReadAsync(3));
        await socket.EmitAsync("still by the old socket");
        await Servers[2].Io.To("room").EmitAsync("live");
        Assert.Equal(["""["still by the old socket"]""", """["live"]"""], await client.ReadAsync(2));
        Assert.Empty(Log.Sessions.Saved);
    }

    [Fact]
    public async Task It_has_received_nothing_yet()
    {
        var (client, _) = await JoinAsync(0, "room");
        await CutAsync(client);
        await Servers[2].Io.To("room").EmitAsync("missed");
        await ReadAsync();

        Assert.True((await ReturnAsync(client, 1)).Recovered);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Its_server_is_gone()
    {
        var (client, socket) = await JoinAsync(0, "room");
        await socket.EmitAsync("first");
        await client.ReadAsync();
        await Servers[1].Io.To("room").EmitAsync("lost on the way");
        await ReadAsync();
        var stopping = Servers[0].Host.StopInTimeAsync();
        client.Cut();
        await stopping;
        await Servers[2].Io.To("room").EmitAsync("missed");
        await ReadAsync(1, 2);

        Assert.True((await ReturnAsync(client, 1)).Recovered);
        Assert.Equal(["""["lost on the way"]""", """["missed"]"""], await client.ReadAsync(2));
    }

    [Fact]
    public async Task The_server_that_it_comes_to_has_just_started()
    {
        var (client, _) = await JoinAsync(0, "room");
        await Servers[1].Io.To("room").EmitAsync("first");
        await client.ReadAsync();
        await CutAsync(client);
        await Servers[1].Io.To("room").EmitAsync("missed");
        await Servers[1].Io.JoinAsync("elsewhere");
        await ReadAsync();
        await StartAsync();

        Assert.True((await ReturnAsync(client, 3)).Recovered);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task A_loud_namespace_does_not_push_out_a_quiet_one()
    {
        var (client, _) = await JoinAsync(0, "room");
        await Servers[1].Io.To("room").EmitAsync("first");
        await client.ReadAsync();
        for (var i = 0; i < 100; i++) await Servers[1].Io.Of("/chat").EmitAsync("loud", i);
        await ReadAsync();
        await CutAsync(client);
        Log.Trim(10);
        await StartAsync();

        Assert.True((await ReturnAsync(client, 3)).Recovered);
        await Servers[0].Io.To("room").EmitAsync("live");
        Assert.Equal("""["live"]""", await client.ReadAsync());
    }

    /// <summary>They are not in the log. See docs/delivery.md.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_a_server_sends_to_its_own_clients_alone_is_not_repeated_and_harms_nothing(int server)
    {
        var (client, _) = await JoinAsync(0, "room");
        await CutAsync(client);
        await Servers[0].Io.To("room").Local.EmitAsync("not repeated");
        await Servers[0].Io.To("room").EmitAsync("for all");
        await ReadAsync();

        await ReturnAsync(client, server);
        Assert.True(client.Recovered, Refusals);
        await Servers[server].Io.To("room").Local.EmitAsync("live");
        Assert.Equal(["""["for all"]""", """["live"]"""], await client.ReadAsync(2));
    }

    [Fact]
    public async Task It_moves_on_and_back_and_keeps_its_secret()
    {
        var (client, _) = await JoinAsync(0, "room");
        var (sid, pid) = (client.Sid, client.Pid);
        for (var i = 0; i < 12; i++)
        {
            await CutAsync(client);
            if (i % 2 == 0) await Servers[i % 3].Io.To("room").EmitAsync("missed", i);
            if (i % 4 == 0) await Servers[(i + 2) % 3].Io.To("room").EmitAsync("missed", i + 100);
            await ReadAsync();
            Assert.True((await ReturnAsync(client, (i + 1) % 3)).Recovered);
            Assert.Equal((true, sid, pid), (client.Recovered, client.Sid, client.Pid));
            if (i % 2 == 0) Assert.Equal($"""["missed",{i}]""", await client.ReadAsync());
            if (i % 4 == 0) Assert.Equal($"""["missed",{i + 100}]""", await client.ReadAsync());
        }
    }

    [Fact]
    public async Task Its_old_connection_may_still_seem_open()
    {
        var (old, socket) = await JoinAsync(0, "room");
        await socket.EmitAsync("first");
        await old.ReadAsync();
        await Servers[2].Io.To("room").EmitAsync("lost on the way");
        await ReadAsync();
        var client = Create(1);
        (client.Pid, client.Offset) = (old.Pid, old.Offset);

        Assert.True((await ReturnAsync(client, 1)).Recovered);
        Assert.Equal("""["lost on the way"]""", await client.ReadAsync());
        while (await old.Client.ReadAsync() is var text && text.StartsWith("42", StringComparison.Ordinal))
        {
        }

        Assert.Equal(1, await Servers[2].Io.CountAsync());
    }

    [Fact]
    public async Task It_gets_what_was_for_the_rooms_that_it_was_in_at_the_time()
    {
        var (client, socket) = await JoinAsync(0, "a");
        await socket.EmitAsync("first");
        await client.ReadAsync();
        await Servers[1].Io.To("a").EmitAsync("in a");
        await Servers[1].Io.To("b").EmitAsync("not in b yet");
        await ReadAsync();
        await socket.LeaveAsync("a");
        await socket.JoinAsync("b");
        await Servers[1].Io.To("a").EmitAsync("not in a any more");
        await Servers[1].Io.To("b").EmitAsync("in b");
        await ReadAsync();
        await CutAsync(client);

        Assert.True((await ReturnAsync(client, 2)).Recovered);
        Assert.Equal(["""["in a"]""", """["in b"]"""], await client.ReadAsync(2));
        await Servers[1].Io.EmitAsync("live");
        Assert.Equal("""["live"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task A_namespace_that_clients_name_is_recovered_on_a_server_where_nobody_was_in_it()
    {
        var client = await Create(0, "/any/x").ConnectAsync();
        await Servers[1].Io.Of("/any/x").EmitAsync("first");
        await client.ReadAsync();
        await CutAsync(client);
        await Servers[0].Io.Of("/any/x").EmitAsync("missed");
        await ReadAsync();

        client.Host = Servers[1].Host;
        Assert.True((await client.ConnectAsync()).Recovered);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(3, 150)]
    [InlineData(11, 300)]
    [InlineData(50, 600)]
    public async Task No_event_of_three_servers_is_missing_or_comes_twice_however_often_it_moves(int cutAfter, int eventsOfEmitter)
    {
        var (client, socket) = await JoinAsync(0, "room");
        await NumberedEvents.MoveAsync(Servers, client, socket.Id, cutAfter, eventsOfEmitter, () => Refusals);

        Assert.All(Servers, server => Assert.Empty(server.Host.Log.Errors));
    }

    private Task ReadAsync(params int[] readers) =>
        readers.Length == 0 ? base.ReadAsync() : Eventually.TrueAsync(() => readers.All(reader => Readers[reader].ReadUpTo("/") >= Log.Last), "everything was read");
}
