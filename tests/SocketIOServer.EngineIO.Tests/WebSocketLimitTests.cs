using System.Net.WebSockets;

namespace SocketIOServer.EngineIO.Tests;

public sealed class WebSocketLimitTests : EngineTests
{
    [Fact]
    public async Task A_message_as_large_as_allowed_passes()
    {
        var host = await StartAsync(options => options.MaxPayload = 10_000);
        await using var client = await host.ConnectAsync();

        await client.SendAsync("4" + new string('x', 9_999));

        Assert.Equal("4" + new string('x', 9_999), await client.ReadAsync());
    }

    [Theory]
    [InlineData(10_001)]
    [InlineData(500_000)]
    public async Task A_larger_message_closes_with_1009(int bytes)
    {
        var host = await StartAsync(options => options.MaxPayload = 10_000);
        await using var client = await host.ConnectAsync();

        await client.SendAsync(new byte[bytes]);

        Assert.Equal("closed 1009", await client.ReadAsync());
        Assert.Equal("transport error (a message was larger than MaxPayload)", (await host.Single().Closed).ToString());
        Assert.Empty(host.Single().Received);
    }

    [Fact]
    public async Task A_message_is_measured_after_inflation()
    {
        var host = await StartAsync(options => options.WebSocketCompression = true);
        await using var client = await host.OpenAsync(options: socket => socket.DangerousDeflateOptions = new());
        await client.ReadAsync();

        await client.SendAsync(new byte[50_000_000]);

        Assert.Equal("closed 1009", await client.ReadAsync());
    }

    [Fact]
    public async Task A_message_in_too_many_fragments_closes()
    {
        var host = await StartAsync(options => options.MaxFragments = 10);
        await using var client = await host.ConnectAsync();

        for (var i = 0; i < 12; i++) await client.SendAsync([], isLast: false);

        Assert.Equal("closed 1009", await client.ReadAsync());
    }

    [Fact]
    public async Task A_message_in_as_many_fragments_as_allowed_passes()
    {
        var host = await StartAsync(options => options.MaxFragments = 10);
        await using var client = await host.ConnectAsync();

        for (var i = 0; i < 9; i++) await client.SendAsync([(byte)i], isLast: false);
        await client.SendAsync([9]);

        Assert.Equal("b:00010203040506070809", await client.ReadAsync());
    }

    // 4 KiB each: the limit does not grow with the message.
    [Theory]
    [InlineData(9, true)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public async Task As_many_frames_as_MaxFragments_make_a_message(int frames, bool isTaken)
    {
        var host = await StartAsync(options => options.MaxFragments = 10);
        await using var client = await host.ConnectAsync();
        var frame = new byte[4096];

        for (var i = 1; i < frames; i++) await client.SendAsync(frame, isLast: false);
        await client.SendAsync(frame);

        var answer = await client.ReadAsync();
        if (isTaken) Assert.Equal(2 * frames * frame.Length, answer["b:".Length..].Length);
        else Assert.Equal("closed 1009", answer);
    }

    [Fact]
    public async Task One_frame_is_one_fragment_however_it_arrives()
    {
        var host = await StartAsync(options => options.MaxFragments = 2);
        await using var client = await host.ConnectAsync();
        var text = "4" + new string('x', 300_000);

        await client.SendAsync(text);

        Assert.Equal(text, await client.ReadAsync());
    }

    [Fact]
    public async Task A_message_that_never_ends_is_cut_off_after_MessageTimeout()
    {
        var host = await StartAsync(options => options.PingInterval = TimeSpan.FromMinutes(5));
        await using var client = await host.ConnectAsync();
        await client.SendAsync([1], isLast: false);
        await Eventually.TrueAsync(() => host.Time.ArmedTimers == 2, "the server waits for the rest");

        host.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("aborted", await client.ReadAsync());
        Assert.Equal("transport close", (await host.Single().Closed).Text);
    }

    [Theory]
    [InlineData(4, "")]
    [InlineData(4, "7")]
    [InlineData(4, "hi")]
    [InlineData(4, "b###")]
    [InlineData(3, "3")]
    [InlineData(3, "b5AQ==")]
    [InlineData(3, "b")]
    public async Task A_broken_frame_closes_the_session(int eio, string frame)
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(eio);

        await client.SendAsync(frame);

        Assert.Equal("closed 1000", await client.ReadAsync());
        Assert.Equal("parse error", (await host.Single().Closed).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0301")]
    [InlineData("3468")]
    public async Task A_binary_frame_of_revision_3_must_be_a_message(string hex)
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(3);

        await client.SendAsync(Convert.FromHexString(hex));

        Assert.Equal("closed 1000", await client.ReadAsync());
        Assert.Equal("parse error", (await host.Single().Closed).Text);
    }

    [Fact]
    public async Task Invalid_UTF8_ends_the_session_and_is_not_read()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        await client.Raw.SendAsync((byte[])[0x34, 0xff], WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

        Assert.Equal("closed 1007", await client.ReadAsync());
        Assert.Equal("transport close", (await host.Single().Closed).Text);
        Assert.Empty(host.Single().Received);
    }

    [Fact]
    public async Task What_comes_behind_a_broken_frame_is_not_read()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        await client.SendAsync("4one");
        await client.SendAsync("nonsense");
        await client.SendAsync("4two");

        await host.Single().Closed;
        await client.CloseAsync();
        Assert.Equal(["one"], host.Single().Received);
    }
}
