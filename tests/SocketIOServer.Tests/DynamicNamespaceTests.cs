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

        Assert.Equal("""44/game,{"message":"Invalid namespace"}""", await client.AskAsync("40/game,"));

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

        Assert.Equal($$"""44{{name}},{"message":"Invalid namespace"}""", await client.AskAsync($"40{name},"));
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
        Assert.Equal("""44/game-13,{"message":"unlucky"}""", await refused.AskAsync("40/game-13,"));
        Assert.Throws<ArgumentException>(() => host.Io.Of("/game-13"));

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

    private static bool IsThere(TestHost host, string name)
    {
        try
        {
            return host.Io.Of(name).Name == name;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

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
