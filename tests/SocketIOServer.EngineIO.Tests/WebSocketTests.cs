using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SocketIOServer.EngineIO.Tests.WebSockets;

namespace SocketIOServer.EngineIO.Tests;

public sealed class WebSocketTests : EngineTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Text_comes_back(int eio)
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(eio);

        await client.SendAsync("4hällo €😀");
        await client.SendAsync("4");

        Assert.Equal("4hällo €😀", await client.ReadAsync());
        Assert.Equal("4", await client.ReadAsync());
    }

    [Theory]
    [InlineData(4, "", "01020304", "b:01020304")]
    [InlineData(4, "", "", "b:")]
    [InlineData(4, "&b64=1", "01", "b:01")]
    [InlineData(3, "", "0401020304", "b:0401020304")]
    [InlineData(3, "", "04", "b:04")]
    [InlineData(3, "&b64=1", "0401020304", "b4AQIDBA==")]
    public async Task Binary_comes_back_as_the_revision_frames_it(int eio, string query, string frame, string answer)
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(eio, query);

        await client.SendAsync(Convert.FromHexString(frame));

        Assert.Equal(answer, await client.ReadAsync());
    }

    [Theory]
    [InlineData(4, "bAQIDBA==", "b:01020304")]
    [InlineData(3, "b4AQIDBA==", "b:0401020304")]
    public async Task Binary_inside_a_text_frame_is_understood(int eio, string frame, string answer)
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(eio);

        await client.SendAsync(frame);

        Assert.Equal(answer, await client.ReadAsync());
    }

    [Fact]
    public async Task A_message_in_fragments_is_one_message()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        await client.SendAsync([1, 2], isLast: false);
        await client.SendAsync([], isLast: false);
        await client.SendAsync([3]);

        Assert.Equal("b:010203", await client.ReadAsync());
    }

    [Fact]
    public async Task A_large_message_comes_back_whole()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();
        var text = "4" + new string('x', 999_999);

        await client.SendAsync(text);

        Assert.Equal(text, await client.ReadAsync());
    }

    [Fact]
    public async Task The_client_ends_it_with_a_close_frame()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        await client.CloseAsync();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Raw.CloseStatus);
        Assert.Equal("transport close", (await host.Single().Closed).Text);
        Assert.Equal(0, host.Engine.Sessions.Count);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_client_ends_it_with_a_close_packet(int eio)
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(eio);

        await client.SendAsync("1");

        Assert.Equal("closed 1000", await client.ReadAsync());
        Assert.Equal("transport close", (await host.Single().Closed).Text);
    }

    [Fact]
    public async Task The_client_vanishes()
    {
        var host = await StartAsync();
        var client = await host.ConnectAsync();

        client.Raw.Abort();

        Assert.Equal("transport close", (await host.Single().Closed).Text);
        Assert.Equal(0, host.Engine.Sessions.Count);
    }

    [Fact]
    public async Task The_server_ends_it_behind_what_is_queued()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        host.Single().Send("last words");
        host.Single().Session.Close(CloseReason.ForcedClose);

        Assert.False(host.Single().Send("too late"));
        Assert.Equal("4last words", await client.ReadAsync());
        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    [Fact]
    public async Task Last_words_go_out_however_busy_the_send_loop_is()
    {
        var host = await StartAsync();
        for (var i = 0; i < 100; i++)
        {
            await using var client = await host.ConnectAsync();
            var session = host.SingleOpen();

            // The first message makes the loop run while the others and the end are added to it.
            Parallel.Invoke(() => session.Send("first"), () =>
            {
                session.Send("last");
                session.Session.Close(CloseReason.ForcedClose);
            });

            var texts = new List<string>();
            while (await client.ReadAsync() is var text && !text.StartsWith("closed", StringComparison.Ordinal)) texts.Add(text);
            Assert.Contains("4last", texts);
        }
    }

    [Fact]
    public async Task A_client_that_never_answers_the_close_frame_is_cut_off_after_CloseTimeout()
    {
        var host = await StartAsync();
        await using var raw = await EngineWebSocket.UpgradeAsync(host);
        await Eventually.TrueAsync(() => host.Engine.Sessions.Count == 1, "the session is there");
        host.Single().Session.Close(CloseReason.ForcedClose);
        await Eventually.TrueAsync(() => host.Time.ArmedTimers == 1, "the server waits for the answer");

        host.Time.Advance(TimeSpan.FromSeconds(5));

        await raw.ReadToEndAsync();
        Assert.True(raw.IsReset);
    }

    [Fact]
    public async Task WebSockets_come_over_HTTP2_too()
    {
        var host = Keep(await EngineHost.StartAsync(build: app => app.WebHost.ConfigureKestrel(
            kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2))));
        await using var client = await host.OpenAsync(options: socket =>
        {
            socket.HttpVersion = HttpVersion.Version20;
            socket.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        });

        await client.SendAsync("4hi");

        Assert.StartsWith("""0{"sid":""", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("4hi", await client.ReadAsync());
        await client.CloseAsync();
        Assert.Equal("transport close", (await host.Single().Closed).Text);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "permessage-deflate")]
    public async Task Compression_is_agreed_on_only_where_it_is_on(bool isOn, string? extension)
    {
        var host = await StartAsync(options => options.WebSocketCompression = isOn);
        await using var client = await host.OpenAsync(options: socket =>
        {
            socket.CollectHttpResponseDetails = true;
            socket.DangerousDeflateOptions = new();
        });
        var text = "4" + new string('x', 5_000);

        await client.SendAsync(text);

        var agreed = client.Raw.HttpResponseHeaders!.GetValueOrDefault("Sec-WebSocket-Extensions")?.Single().Split(';')[0];
        Assert.Equal(extension, agreed);
        await client.ReadAsync();
        Assert.Equal(text, await client.ReadAsync());
    }
}
