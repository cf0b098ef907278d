using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
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
        await Eventually.TrueAsync(() => host.Engine.SessionCount == 1, "the session is there");

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
