namespace SocketIOServer.Testing.Tests;

/// <summary>Several clients of one server.</summary>
public sealed class RoomTests
{
    [Fact]
    public async Task A_room_hears_what_others_do_not()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.Of("/chat")
            .On("join", (string room, ISocket socket) => socket.JoinAsync(room))
            .On("say", (string room, string text, ISocket socket) => socket.Everyone.To(room).EmitAsync("said", text)));
        await using var inside = await host.ConnectAsync("/chat");
        await using var outside = await host.ConnectAsync("/chat");
        await inside.CallAsync("join", "garden");

        await outside.EmitAsync("say", "garden", "hello");

        Assert.Equal("hello", await inside.NextAsync<string>("said"));
        Assert.Empty(outside.Received);
    }

    [Fact]
    public async Task A_broadcast_leaves_its_sender_out()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("hi", (ISocket socket) => socket.Broadcast.EmitAsync("hi", socket.Id)));
        await using var a = await host.ConnectAsync();
        await using var b = await host.ConnectAsync();

        await a.EmitAsync("hi");

        Assert.Equal(a.Id, await b.NextAsync<string>("hi"));
        Assert.Empty(a.Received);
    }

    [Fact]
    public async Task The_server_reaches_a_namespace_from_outside()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.Of("/chat"));
        await using var chat = await host.ConnectAsync("chat");
        await using var root = await host.ConnectAsync();

        await host.Server.Of("/chat").EmitAsync("news", 1);

        Assert.Equal("/chat", chat.Namespace);
        Assert.Equal(1, await chat.NextAsync<int>("news"));
        Assert.Empty(root.Received);
    }

    [Fact]
    public async Task Clients_that_answer_each_other_do_not_wait_for_each_other()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("ball", (int left, ISocket socket) => socket.Broadcast.EmitAsync("ball", left)));
        await using var a = await host.ConnectAsync();
        await using var b = await host.ConnectAsync();
        foreach (var player in new[] { a, b })
        {
            player.On<int>("ball", left => left == 0 ? null : player.EmitAsync("ball", left - 1));
        }

        await a.EmitAsync("ball", 1000);

        Assert.Equal(1001, a.Received.Count + b.Received.Count);
    }
}
