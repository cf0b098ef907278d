namespace SocketIOServer.Cluster.Tests.Recovery;

/// <summary>A namespace that clients have named, on a server where nobody is in it and whose program emits to it.</summary>
public sealed class SharedUnusedTests : SharedServers
{
    [Fact]
    public async Task Its_own_events_do_not_hide_those_of_others()
    {
        var there = Servers[1].Io.Of("/any/x");
        var client = await EnterAsync(0);
        await CutAsync(client);
        await Servers[0].Io.Of("/any/x").EmitAsync("by the other");
        await ReadAsync();
        await there.EmitAsync("by this one");
        await ReadAsync();

        client.Host = Servers[1].Host;
        Assert.True((await client.ConnectAsync()).Recovered, Refusals);
        Assert.Equal(["""["by the other"]""", """["by this one"]"""], await client.ReadAsync(2));
    }

    [Fact]
    public async Task Its_events_that_never_came_into_the_log_are_told()
    {
        var client = await EnterAsync(1);
        Readers[0].State = BusState.Down;
        await Servers[0].Io.Of("/any/x").EmitAsync("lost");
        Readers[0].Drop();
        Readers[0].State = BusState.Alive;
        await Eventually.TrueAsync(() => Log.Entries[^1].Entry.Type == 108, "the marker is in the log");
        await ReadAsync();
        client.Cut();
        await Eventually.TrueAsync(() => Servers[1].Io.Of("/any/x").FindSocket(client.Sid) is null, "the server has noticed");

        await client.ConnectAsync();
        Assert.False(client.Recovered);
        Assert.Contains(": gap", Refusals, StringComparison.Ordinal);
    }

    private async Task<RecoveringClient> EnterAsync(int server)
    {
        var client = await Create(server, "/any/x").ConnectAsync();
        await Servers[1 - server].Io.Of("/any/x").EmitAsync("first");
        await client.ReadAsync();
        return client;
    }
}
