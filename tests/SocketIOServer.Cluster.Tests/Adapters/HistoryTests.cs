namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>Each server keeps the latest events of the rooms that it hears.</summary>
public sealed class HistoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_has_the_history_of_a_room_that_none_of_its_clients_was_in(bool hasRecovery)
    {
        var medium = new InProcessBus();
        await using var first = await StartAsync(medium, RoomChannels.Static, hasRecovery);
        await using var second = await StartAsync(medium, RoomChannels.Static, hasRecovery);
        await first.Io.To("room").EmitAsync("one", 1);
        await second.Io.To("room").EmitAsync("two", new byte[] { 1 });
        await using var client = await second.JoinAsync();

        await client.Socket.SendAsync("""420["join"]""");
        Assert.StartsWith("""42["one",1""", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.StartsWith("""451-["two",{"_placeholder":true,"num":0}""", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("b:01", await client.ReadAsync());
        Assert.Equal("430[2]", await client.ReadAsync());
        await first.Io.To("room").EmitAsync("live");
        Assert.StartsWith("""42["live""", await client.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_channels_of_rooms_it_has_what_it_has_heard_itself()
    {
        var medium = new InProcessBus();
        await using var first = await StartAsync(medium, RoomChannels.Dynamic, hasRecovery: false);
        await using var second = await StartAsync(medium, RoomChannels.Dynamic, hasRecovery: false);
        await first.Io.To("room").EmitAsync("not heard");
        await second.Io.To("room").EmitAsync("its own");
        await using var client = await second.JoinAsync();

        await client.Socket.SendAsync("""420["join"]""");

        Assert.Equal("""42["its own"]""", await client.ReadAsync());
        Assert.Equal("430[1]", await client.ReadAsync());
    }

    private static Task<Server> StartAsync(InProcessBus medium, RoomChannels rooms, bool hasRecovery) => Server.StartAsync(
        medium.Connect(),
        () => new JsonWire(rooms: rooms),
        io => io.KeepHistory().On("join", async (ISocket socket) => await socket.JoinWithHistoryAsync("room")),
        options => options.Recovery = hasRecovery ? new() : null);
}
