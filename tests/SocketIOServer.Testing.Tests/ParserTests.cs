namespace SocketIOServer.Testing.Tests;

/// <summary>Clients in memory speak the parser of their server, so a test is the same with either.</summary>
public sealed class ParserTests
{
    [Theory]
    [InlineData("json")]
    [InlineData("messagepack")]
    public async Task Events_and_acks_travel_both_ways(string parser)
    {
        await using var host = await StartAsync(parser);
        await using var client = await host.ConnectAsync(auth: new { token = "t" });
        client.On<byte[]>("double", bytes => (byte[])[.. bytes, .. bytes]);

        var reply = await client.CallAsync<Parcel>("ask", new Parcel("é", [1, 2]));
        await client.EmitAsync("tell", 7);

        Assert.Equal(("é t", "01020102"), (reply.Label, Convert.ToHexString(reply.Body)));
        Assert.Equal(7, await client.NextAsync<int>("told"));
        Assert.Empty(host.Errors);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("messagepack")]
    public async Task A_refusal_has_its_message_and_data(string parser)
    {
        await using var host = await StartAsync(parser);

        var refusal = await Assert.ThrowsAsync<SocketIOTestRefusedException>(() => host.ConnectAsync("/full"));

        Assert.Equal(("full", 3), (refusal.Message, refusal.Payload.GetProperty("seats").GetInt32()));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("messagepack")]
    public async Task Both_sides_may_leave(string parser)
    {
        await using var host = await StartAsync(parser);
        await using var leaving = await host.ConnectAsync();
        await using var kicked = await host.ConnectAsync();

        await leaving.DisconnectAsync();
        await kicked.EmitAsync("kick");

        Assert.Equal("client namespace disconnect", (await leaving.DisconnectedAsync()).Text);
        Assert.Equal("server namespace disconnect", (await kicked.DisconnectedAsync()).Text);
    }

    private static Task<SocketIOTestHost> StartAsync(string parser) => SocketIOTestHost.StartAsync(
        io =>
        {
            io.On("ask", async (Parcel parcel, ISocket socket) =>
                    new Parcel($"{parcel.Label} {socket.Handshake.Auth.GetProperty("token")}", await socket.CallAsync<byte[]>("double", parcel.Body)))
                .On("tell", (int number, ISocket socket) => socket.Everyone.EmitAsync("told", number))
                .On("kick", (ISocket socket) => socket.DisconnectAsync());
            io.Of("/full").OnConnecting(void () => throw new ConnectionRefusedException("full", new { seats = 3 }));
        },
        options => options.Parser = parser == "json" ? PacketParser.Json : PacketParser.MessagePack);

    private sealed record Parcel(string Label, byte[] Body);
}
