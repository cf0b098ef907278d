namespace Demo.Tests;

public sealed class EchoPagesTests
{
    [Fact]
    public async Task The_classic_page_is_greeted_and_answered()
    {
        await using var host = await StartAsync();
        await using var ann = await host.ConnectAsync("/test");
        await using var bob = await host.ConnectAsync("/test");
        foreach (var client in (SocketIOTestClient[])[ann, bob])
            Assert.Equal("""["my response",{"data":"Connected"}]""", await NextAsync(client, "my response"));

        await ann.EmitAsync("my event", new { data = "only me" });
        await ann.EmitAsync("my broadcast event", new { data = "all of us" });

        Assert.Equal("""["my response",{"data":"only me"}]""", await NextAsync(ann, "my response"));
        Assert.Equal("""["my response",{"data":"all of us"}]""", await NextAsync(ann, "my response"));
        Assert.Equal("""["my response",{"data":"all of us"}]""", await NextAsync(bob, "my response"));
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task Each_client_has_its_own_count()
    {
        await using var host = await StartAsync();
        await using var ann = await host.ConnectAsync("/test");
        await using var bob = await host.ConnectAsync("/test");

        await ann.EmitAsync("my_event", new { data = "one" });
        await ann.EmitAsync("my_broadcast_event", new { data = "two" });
        await bob.EmitAsync("my_event", new { data = "mine" });

        Assert.Equal("""["my_response",{"data":"one","count":1}]""", await NextAsync(ann, "my_response"));
        Assert.Equal("""["my_response",{"data":"two","count":2}]""", await NextAsync(ann, "my_response"));
        Assert.Equal("""["my_response",{"data":"two","count":2}]""", await NextAsync(bob, "my_response"));
        Assert.Equal("""["my_response",{"data":"mine","count":1}]""", await NextAsync(bob, "my_response"));
    }

    [Fact]
    public async Task The_server_hangs_up_when_its_farewell_is_acknowledged()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync("/test");

        await client.EmitAsync("disconnect_request");
        var farewell = await client.NextAsync("my_response");
        Assert.True(client.IsConnected);
        await farewell.AckAsync();

        Assert.Equal("server namespace disconnect", (await client.DisconnectedAsync()).Text);
        Assert.Equal("""["my_response",{"data":"Disconnected!","count":1}]""", farewell.ToString());
    }

    [Fact]
    public async Task Who_does_not_acknowledge_stays()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync("/test");
        await client.EmitAsync("disconnect_request");

        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await client.EmitAsync("my_event", new { data = "still here" });

        Assert.Equal("""["my_response",{"data":"Disconnected!","count":1}]""", await NextAsync(client, "my_response"));
        Assert.Equal("""["my_response",{"data":"still here","count":2}]""", await NextAsync(client, "my_response"));
        Assert.IsType<TimeoutException>(Assert.Single(host.Errors));
    }

    private static async Task<string> NextAsync(SocketIOTestClient client, string name) => (await client.NextAsync(name)).ToString();

    private static Task<SocketIOTestHost> StartAsync() => SocketIOTestHost.StartAsync(io =>
    {
        ClassicPage.Map(io.Of("/test"));
        EchoPage.Map(io.Of("/test"));
    });
}
