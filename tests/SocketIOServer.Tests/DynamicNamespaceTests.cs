using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests;

/// <summary>Namespaces that clients name, there as long as someone is in them.</summary>
public sealed class DynamicNamespaceTests
{
    [Fact]
    public async Task A_predicate_that_throws_admits_nobody_and_ends_nothing()
    {
        await using var host = await TestHost.StartAsync(io =>
        {
            io.OnPing();
            io.OfAny(_ => throw new OperationCanceledException("mine"));
        });
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""44/game,{"message":"Invalid namespace","data":{"code":"invalid_namespace"}}""", await client.AskAsync("40/game,"));

        await client.AssertAliveAsync();
        Assert.Contains("/game", Assert.Single(host.Log.Errors).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_name_is_a_namespace_of_its_own_with_common_handlers()
    {
        await using var host = await StartAsync();
        await using var one = await SocketClient.JoinAsync(host, "/game-1");
        await using var same = await SocketClient.JoinAsync(host, "/game-1");
        await using var other = await SocketClient.JoinAsync(host, "/game-2");

        Assert.Equal("""43/game-1,1["/game-1",2]""", await one.AskAsync("""42/game-1,1["who"]"""));
        Assert.Equal("""43/game-2,1["/game-2",1]""", await other.AskAsync("""42/game-2,1["who"]"""));
        await one.SendAsync("""42/game-1,["all","hi"]""");

        Assert.Equal("""42/game-1,["all","hi"]""", await same.ReadAsync());
        Assert.Equal("""43/game-2,2["/game-2",1]""", await other.AskAsync("""42/game-2,2["who"]"""));
        await host.Io.Of("/game-2").EmitAsync("from outside");
        Assert.Equal("""42/game-2,["from outside"]""", await other.ReadAsync());
    }

    [Theory]
    [InlineData("/game-x")]
    [InlineData("/other")]
    public async Task A_name_that_is_not_taken_is_refused(string name)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.Equal($$$"""44{{{name}}},{"message":"Invalid namespace","data":{"code":"invalid_namespace"}}""", await client.AskAsync($"40{name},"));
    }

    [Fact]
    public async Task A_declared_name_has_its_own_handlers()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host, "/game-0");

        Assert.Equal("""43/game-0,1["declared"]""", await client.AskAsync("""42/game-0,1["who"]"""));
    }

    [Fact]
    public async Task It_ends_with_its_last_socket_however_that_leaves()
    {
        await using var host = await StartAsync();
        await using var one = await SocketClient.JoinAsync(host, "/game-1");
        await using var two = await SocketClient.JoinAsync(host, "/game-1");
        await using var refused = await SocketClient.ConnectAsync(host);
        Assert.Equal("""44/game-13,{"message":"unlucky","data":{"code":"connection_refused"}}""", await refused.AskAsync("40/game-13,"));
        Assert.False(IsThere(host, "/game-13"));

        await one.SendAsync("41/game-1,");
        await one.AskAsync("40/game-5,");
        Assert.Equal(1, await host.Io.Of("/game-1").CountAsync());
        await two.CloseAsync();

        await Eventually.TrueAsync(() => !IsThere(host, "/game-1"), "it is gone");
        Assert.True(IsThere(host, "/game-5"));
        await using var again = await SocketClient.JoinAsync(host, "/game-1");
        Assert.Equal("""43/game-1,1["/game-1",1]""", await again.AskAsync("""42/game-1,1["who"]"""));
    }

    [Fact]
    public async Task Coming_and_leaving_at_once_leaves_nothing_behind()
    {
        await using var host = await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var client = await SocketClient.ConnectAsync(host);
            for (var i = 0; i < 50; i++)
            {
                Assert.StartsWith("40/game-1,{", await client.AskAsync("40/game-1,"), StringComparison.Ordinal);
                Assert.StartsWith("""43/game-1,1["/game-1",""", await client.AskAsync("""42/game-1,1["who"]"""), StringComparison.Ordinal);
                await client.SendAsync("41/game-1,");
            }

            await client.AskAsync("40/game-2,");
        }));

        await Eventually.TrueAsync(() => !IsThere(host, "/game-1") && !IsThere(host, "/game-2"), "both are gone");
        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task A_namespace_is_announced_when_its_first_client_enters_and_again_after_the_last_has_left()
    {
        var seen = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io
            .OfAny(name => name.StartsWith("/game-", StringComparison.Ordinal), created: here => seen.Add($"created {here.Name}"))
            .OnConnecting((ISocket socket) => seen.Add($"connecting {socket.Namespace}"))
            .OnDisconnected((ISocket socket) => seen.Add($"left {socket.Namespace}")));
        await using var client = await SocketClient.ConnectAsync(host);
        await using var other = await SocketClient.ConnectAsync(host);
        // A program that asks for it does not begin it.
        await host.Io.Of("/game-1").EmitAsync("e");

        await client.AskAsync("40/game-1,");
        await other.AskAsync("40/game-1,");
        await other.AskAsync("40/game-2,");
        Assert.Equal(
            ["created /game-1", "connecting /game-1", "connecting /game-1", "created /game-2", "connecting /game-2"], (await seen.NextAsync(5)).ToArray());

        await other.SendAsync("41/game-2,");
        Assert.Equal("left /game-2", await seen.NextAsync());
        await other.AskAsync("40/game-2,");
        Assert.Equal(["created /game-2", "connecting /game-2"], (await seen.NextAsync(2)).ToArray());
    }

    [Fact]
    public async Task What_an_announcement_throws_is_logged_and_the_client_comes_in()
    {
        await using var host = await TestHost.StartAsync(io => io.OfAny(_ => true, created: _ => throw new InvalidOperationException("on purpose")));
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.StartsWith("40/any,{", await client.AskAsync("40/any,"), StringComparison.Ordinal);
        Assert.Equal("on purpose", Assert.Single(host.Log.Errors).Exception!.Message);
    }

    // Who emits to a game cannot know whether its last player has just left.
    [Fact]
    public async Task What_is_sent_to_a_name_that_nobody_is_in_reaches_nobody()
    {
        await using var host = await StartAsync();
        var game = host.Io.Of("/game-1");

        await game.EmitAsync("e", 1);
        await game.To("room").Except("other").Volatile.EmitAsync("e");
        await game.JoinAsync("room");
        await game.DisconnectAsync();
        await game.CloseRoomAsync("room");

        Assert.Equal("/game-1", game.Name);
        Assert.Equal(0, await game.CountAsync());
        Assert.Empty(await game.FetchSocketsAsync());
        Assert.Empty(await game.RoomsAsync());
        Assert.Empty((await game.CallAsync<int>("e")).Missing);
        Assert.Throws<ArgumentException>(() => host.Io.Of("/other"));
        Assert.Throws<ArgumentException>(() => host.Io.Of("/game-1" + new string('0', 256)));
        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task What_a_program_holds_reaches_who_comes_later()
    {
        ISocketNamespace? given = null;
        await using var host = await TestHost.StartAsync(io => io.OfAny(name => name.StartsWith("/game-", StringComparison.Ordinal))
            .OnConnected((ISocketNamespace here) => given ??= here).On("ping", () => "pong"));
        var before = host.Io.Of("/game-1");
        var room = before.To("room");

        for (var i = 0; i < 3; i++)
        {
            await using var client = await SocketClient.JoinAsync(host, "/game-1");
            Assert.Equal("""43/game-1,1["pong"]""", await client.AskAsync("""42/game-1,1["ping"]"""));
            await before.JoinAsync("room");
            await before.EmitAsync("a");
            await room.EmitAsync("b");
            await given!.EmitAsync("c");
            await host.Io.Of("game-1").EmitAsync("d");

            Assert.Equal(["""42/game-1,["a"]""", """42/game-1,["b"]""", """42/game-1,["c"]""", """42/game-1,["d"]"""], await client.ReadAsync(4));
            await client.SendAsync("41/game-1,");
            await Eventually.TrueAsync(() => !IsThere(host, "/game-1"), "it is gone");
        }
    }

    [Fact]
    public async Task The_predicate_is_asked_where_nobody_is_in()
    {
        var asked = 0;
        await using var host = await TestHost.StartAsync(io => io.OfAny(name =>
        {
            asked++;
            return name == "/throws" ? throw new TimeZoneNotFoundException() : name == "/game-1";
        }));
        await using var client = await SocketClient.JoinAsync(host, "/game-1");
        asked = 0;

        host.Io.Of("/game-1");
        Assert.Equal(0, asked);
        Assert.Throws<ArgumentException>(() => host.Io.Of("/game-2"));
        Assert.Equal(1, asked);
        Assert.Throws<TimeZoneNotFoundException>(() => host.Io.Of("/throws"));
    }

    // ATTACKS A68: names that came and went are forgotten, but those that the program holds.
    [Fact]
    public async Task A68_Names_of_the_past_are_forgotten()
    {
        await using var host = await StartAsync();
        var server = host.Services.GetRequiredService<SocketServer>();
        var held = host.Io.Of("/game-1");

        for (var i = 0; i < 5000; i++)
        {
            if (i % 500 == 0) GC.Collect();
            server.Enter($"/game-2{i}")!.OnLeft(wasConnected: false);
        }

        Assert.InRange(server.Dynamic.EmptyCount, 1, 2000);
        Assert.Same(held, host.Io.Of("/game-1"));
    }

    private static bool IsThere(TestHost host, string name) =>
        host.Services.GetRequiredService<SocketServer>().Dynamic.Open.Any(@namespace => @namespace.Name == name);

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(io =>
    {
        io.OfAny(name => name.StartsWith("/game-", StringComparison.Ordinal) && char.IsDigit(name[6]))
            .OnConnecting((ISocket socket) =>
            {
                if (socket.Namespace == "/game-13") throw new ConnectionRefusedException("unlucky");
            })
            .On("who", async (ISocket socket) => new AckArguments(socket.Namespace, await socket.Everyone.CountAsync()))
            .On("all", (ISocket socket, string text) => socket.Broadcast.EmitAsync("all", text));
        io.Of("/game-0").On("who", () => "declared");
    });
}
