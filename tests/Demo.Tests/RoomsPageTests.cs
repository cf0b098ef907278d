namespace Demo.Tests;

public sealed class RoomsPageTests
{
    [Fact]
    public async Task A_message_comes_to_all_and_a_word_of_the_server_behind_it()
    {
        await using var host = await SocketIOTestHost.StartAsync(RoomsPage.Map);
        await using var ann = await host.ConnectAsync();
        await using var bob = await host.ConnectAsync();

        await ann.EmitAsync("message", "hello, 世界");

        string[] expected = ["""["message","hello, 世界"]""", """["ceshi","测试"]"""];
        Assert.Equal(expected, ann.Received.Select(received => received.ToString()));
        Assert.Equal(expected, bob.Received.Select(received => received.ToString()));
    }

    [Theory]
    [InlineData("""{"deep":[1,{"a":null}]}""")]
    [InlineData("[]")]
    [InlineData("42")]
    public async Task JSON_of_any_shape_comes_back(string json)
    {
        await using var host = await SocketIOTestHost.StartAsync(RoomsPage.Map);
        await using var client = await host.ConnectAsync();

        await client.EmitAsync("json", System.Text.Json.Nodes.JsonNode.Parse(json));

        Assert.Equal($"""["message",{json}]""", Assert.Single(client.Received).ToString());
    }

    [Fact]
    public async Task A_room_hears_who_comes_what_is_said_and_who_goes()
    {
        await using var host = await SocketIOTestHost.StartAsync(RoomsPage.Map);
        await using var ann = await host.ConnectAsync();
        await using var bob = await host.ConnectAsync();
        await using var stranger = await host.ConnectAsync();

        await ann.EmitAsync("join", new { username = "Ann", room = "tea" });
        await bob.EmitAsync("join", new { username = "Bob", room = "tea" });
        await bob.EmitAsync("room_message", new { room = "tea", body = "two sugars" });
        await bob.EmitAsync("leave", new { username = "Bob", room = "tea" });

        Assert.Equal(
            [
                """["status","Ann has entered the room."]""",
                """["status","Bob has entered the room."]""",
                """["message",{"room":"tea","body":"two sugars"}]""",
                """["status","Bob has left the room."]""",
            ],
            ann.Received.Select(received => received.ToString()));
        Assert.Equal(2, bob.Received.Count);
        Assert.Empty(stranger.Received);
        Assert.Empty(host.Errors);
    }
}
