namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>With the messages of Node's sharded adapter.</summary>
public sealed class MovedSessionJsonTests : MovedSessionTests
{
    private protected override ClusterWire CreateWire() => new JsonWire();

    [Fact]
    public async Task A_server_of_another_kind_that_publishes_makes_it_a_new_session()
    {
        var (client, _) = await JoinAsync(0);
        await CutAsync(client, 0);
        var foreign = Bus.Connect();
        await foreign.StartAsync(default);
        Assert.True(foreign.Publish("socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["foreign"]},"opts":{"rooms":[],"except":[],"flags":{}}},"uid":"0123456789abcdef","nsp":"/"}"""u8.ToArray()));
        await foreign.DisposeAsync();

        Assert.False((await ReturnAsync(client, 1)).Recovered);
        Assert.False(client.Recovered);
    }
}
