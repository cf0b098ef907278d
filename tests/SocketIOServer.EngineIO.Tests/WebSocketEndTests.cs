using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using SocketIOServer.EngineIO.Tests.WebSockets;
using static SocketIOServer.EngineIO.Tests.WebSockets.EngineWebSocket;
using static Testkit.RawWebSocket;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>
/// A client may end its connection without a close frame, or send what is no WebSocket frame. Node's clients of 1.x die of a reset.
/// </summary>
public sealed class WebSocketEndTests : EngineTests
{
    [Fact]
    public async Task An_end_without_a_close_frame_is_answered_with_an_end()
    {
        var host = await StartAsync();
        await using var raw = await UpgradeAsync(host);
        await Eventually.TrueAsync(() => host.Engine.Sessions.Count == 1, "the session is there");

        raw.Finish();

        await raw.ReadToEndAsync();
        Assert.False(raw.IsReset);
        Assert.Equal("transport close", (await host.Single().Closed).Text);
    }

    [Fact]
    public async Task The_request_does_not_end_while_it_is_aborted_for_taking_too_long_to_close()
    {
        var lifetime = new SlowAbort();
        var host = Keep(await EngineHost.StartAsync(use: app => app.Use(async (context, next) =>
        {
            lifetime.Of = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
            context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
            await next(context);
            lifetime.Ended.Set();
        })));
        await using var client = await host.ConnectAsync();
        host.Single().Session.Close(CloseReason.ForcedClose);
        Assert.Equal("closed 1000", await client.ReadAsync());

        host.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(lifetime.EndedWithin);
        await Eventually.TrueAsync(() => lifetime.Ended.IsSet, "the request has ended");
    }

    [Theory]
    [InlineData("")]
    [InlineData("2probe")]
    public async Task So_it_is_during_an_upgrade(string packet)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var raw = await UpgradeAsync(host, client.Url.Replace("=polling", "=websocket", StringComparison.Ordinal));
        if (packet.Length > 0) await raw.SendAsync(Frame(0x81, packet));

        raw.Finish();

        await raw.ReadToEndAsync();
        Assert.False(raw.IsReset);
        await client.PostAsync("4still here");
        Assert.Equal("4still here", await client.PollAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task So_it_is_during_an_upgrade_of_a_session_that_closes(bool isProbed)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var raw = await UpgradeAsync(host, client.Url.Replace("=polling", "=websocket", StringComparison.Ordinal));
        if (isProbed) await raw.SendAsync(Frame(0x81, "2probe"));
        await client.PostAsync("1");

        raw.Finish();

        await raw.ReadToEndAsync();
        Assert.False(raw.IsReset);
    }

    [Fact]
    public async Task A_broken_frame_is_answered_with_a_close_frame_that_says_so()
    {
        var host = await StartAsync();
        await using var raw = await UpgradeAsync(host);

        // Opcode 3 is reserved. RFC 6455, 5.2.
        await raw.SendAsync([0x83, 0x80, 0, 0, 0, 0]);

        var all = await raw.ReadToEndAsync(Encoding.Latin1);
        Assert.EndsWith("\u0088\u0002\u0003\u00ea", all, StringComparison.Ordinal);
        Assert.False(raw.IsReset);
        Assert.Equal("transport close", (await host.Single().Closed).Text);
    }

    // What the client sends right behind its message, in one segment with it.
    public static TheoryData<string, byte[], int> Ends { get; } = new()
    {
        { "a reserved opcode", [0x85, 0x80, 0, 0, 0, 0], 1002 },
        { "a frame without a mask", [0x81, 0x01, (byte)'4'], 1002 },
        { "no UTF-8", Frame(0x81, [(byte)'4', 0xff]), 1007 },
        { "a message that is too large", Frame(0x82, new byte[2000]), 1009 },
        { "no packet", Frame(0x81, "9"), 1000 },
        { "a close packet", Frame(0x81, "1"), 1000 },
        { "a close frame", Frame(0x88, [0x03, 0xe8]), 1000 },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task What_was_answered_before_the_end_goes_out_before_the_close(string what, byte[] end, int code)
    {
        Assert.NotEmpty(what);
        var host = await StartAsync(options => options.MaxPayload = 1000);
        for (var i = 0; i < 5; i++)
        {
            await using var client = await EngineWebSocket.OpenAsync(host);

            await client.SendAsync(Frame(0x81, "4one"), Frame(0x81, "4two"), end, Frame(0x88, [0x03, 0xe8]));

            Assert.Equal("81 4one", await client.ReadAsync());
            Assert.Equal("81 4two", await client.ReadAsync());
            Assert.Equal($"88 {code}", await client.ReadAsync());
        }
    }

    [Fact]
    public async Task An_answer_to_the_last_request_of_a_connection_goes_out_before_its_end()
    {
        var host = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            var client = await host.PollAsync();
            await using var raw = await RawConnection.OpenAsync(host.Web.Address);
            await raw.SendAsync($"POST {client.Url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n4one");

            var answer = await raw.ReadToEndAsync();
            Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
            Assert.EndsWith("ok", answer, StringComparison.Ordinal);
            Assert.False(raw.IsReset);
            Assert.Equal("4one", await client.PollAsync());
        }
    }

    // A thread that is put off in the middle of an abort. In a fifth of a second a request ends that does not wait for it.
    private sealed class SlowAbort : IHttpRequestLifetimeFeature
    {
        public IHttpRequestLifetimeFeature Of { get; set; } = null!;

        public ManualResetEventSlim Ended { get; } = new();

        public bool? EndedWithin { get; private set; }

        public CancellationToken RequestAborted
        {
            get => Of.RequestAborted;
            set => Of.RequestAborted = value;
        }

        public void Abort()
        {
            Of.Abort();
            EndedWithin = Ended.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
        }
    }
}
