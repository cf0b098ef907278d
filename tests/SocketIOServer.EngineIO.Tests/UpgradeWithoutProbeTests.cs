using SocketIOServer.EngineIO.Tests.WebSockets;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>
/// A client that says 5 as its first word on the WebSocket, as older versions of arduinoWebSockets do: the reference takes it. Newer ones send
/// 2probe and 5 at once and wait for no answer.
/// </summary>
public sealed class UpgradeWithoutProbeTests : EngineTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_queue_goes_out_on_the_WebSocket_in_order(int eio)
    {
        var host = await StartAsync();
        var client = await host.PollAsync(eio);
        host.Find(client).Send("one");
        host.Find(client).Send("two");
        await using var socket = await host.ProbeAsync(client, eio);

        await socket.SendAsync("5");
        await socket.SendAsync("4three");

        Assert.Equal("4one", await socket.ReadAsync());
        Assert.Equal("4two", await socket.ReadAsync());
        Assert.Equal("4three", await socket.ReadAsync());
        Assert.Equal("websocket", host.Find(client).Session.Transport.Name);
    }

    [Theory]
    [InlineData(3, "1:6")]
    [InlineData(4, "6")]
    public async Task The_pending_poll_ends_with_a_noop(int eio, string noop)
    {
        var host = await StartAsync();
        var client = await host.PollAsync(eio);
        var poll = await host.StartPollAsync(client);
        await using var socket = await host.ProbeAsync(client, eio);

        await socket.SendAsync("5");

        Assert.Equal(noop, await poll.Task);
        await EchoAsync(socket);
    }

    [Fact]
    public async Task A_post_that_is_on_its_way_is_handled_first()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var post = await RawConnection.OpenAsync(host.Web.Address);
        await post.SendAsync($"POST {client.Url} HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n4fi");
        await Eventually.TrueAsync(() => host.Find(client).Session.Inbox.Lease.CurrentCount == 0, "the post has arrived");
        await using var socket = await host.ProbeAsync(client);

        await socket.SendAsync("5");
        await socket.SendAsync("4second");
        await Eventually.TrueAsync(() => host.Find(client).Session.Upgrade == UpgradeState.Upgraded, "the 5 was read");
        await post.SendAsync("rst");

        Assert.StartsWith("HTTP/1.1 200 ", await post.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal("4first", await socket.ReadAsync());
        Assert.Equal("4second", await socket.ReadAsync());
        Assert.Equal(["first", "second"], host.Find(client).Received);
    }

    [Fact]
    public async Task What_stands_right_behind_the_5_is_read()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        var raw = await EngineWebSocket.UpgradeAsync(host, $"{EngineHost.Path}?EIO=4&transport=websocket&sid={client.Sid}");
        await using var socket = new RawWebSocket(raw);

        await socket.SendAsync(RawWebSocket.Frame(0x81, "5"), RawWebSocket.Frame(0x81, "4one"), RawWebSocket.Frame(0x81, "4two"));

        Assert.Equal("81 4one", await socket.ReadAsync());
        Assert.Equal("81 4two", await socket.ReadAsync());
    }

    // The reference closes the WebSocket and lets the session poll on: without the 5 nobody has asked for the session.
    [Fact]
    public async Task A_message_without_the_5_is_no_upgrade()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);

        await socket.SendAsync("4hi");

        Assert.Equal("closed 1000", await socket.ReadAsync());
        Assert.Empty(host.Find(client).Received);
        Assert.True(host.Find(client).Session.IsOpen);
    }

    [Fact]
    public async Task Another_that_says_5_later_is_closed_and_the_first_goes_on()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var first = await host.ProbeAsync(client);
        await first.SendAsync("5");
        await EchoAsync(first, "one");
        await using var second = await host.ProbeAsync(client);

        await second.SendAsync("5");

        Assert.Equal("closed 1000", await second.ReadAsync());
        await EchoAsync(first, "two");
    }

    [Fact]
    public async Task Numbered_messages_arrive_once_and_in_order()
    {
        const int Messages = 1000;
        var host = await StartAsync();
        var client = await host.PollAsync();
        var numbers = Enumerable.Range(0, Messages).Select(UpgradingClient.Text).ToList();
        var sending = Task.Run(() => numbers.All(host.Find(client).Send));
        var received = new List<string>();
        received.AddRange((await client.PollAsync()).Split('\u001e'));
        await using var socket = await host.ProbeAsync(client);

        await socket.SendAsync("5");
        while (received.Count < Messages) received.Add(await socket.ReadAsync());

        Assert.True(await sending);
        Assert.Equal(numbers.Select(number => "4" + number), received);
    }
}
