using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.Epoll.Tests;

/// <summary>A handler that keeps the thread it was called on holds up its own connection and no other; the host has two loops.</summary>
public sealed class BlockingTests : IDisposable
{
    private const int BodyLength = 3_000_000;

    private readonly ManualResetEventSlim _go = new();
    private readonly BlockingCollection<HttpContext> _blocked = [];

    public void Dispose()
    {
        // Or a test that has failed would wait for its host's end.
        _go.Set();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task As_many_as_there_are_loops_and_more_hold_up_only_themselves(int count)
    {
        await using var host = await StartAsync();
        var blocked = new List<RawConnection>();
        for (var i = 0; i < count; i++) blocked.Add(await BlockAsync(host));

        for (var i = 0; i < 4; i++) Assert.Equal("/quick", await host.GetAsync("/quick"));
        _go.Set();

        foreach (var raw in blocked)
        {
            Assert.Equal("/block", await raw.ReadBodyAsync());
            await raw.GetAsync("/again");
            Assert.Equal("/again", await raw.ReadBodyAsync());
            await raw.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_the_client_sends_meanwhile_is_answered_behind_it()
    {
        await using var host = await StartAsync();
        await using var raw = await BlockAsync(host);

        for (var i = 0; i < 20; i++)
        {
            await raw.GetAsync($"/{i}");
            // On both loops, so the one of the blocked connection has seen what was sent.
            Assert.Equal("/quick", await host.GetAsync("/quick"));
            Assert.Equal("/quick", await host.GetAsync("/quick"));
        }

        _go.Set();

        Assert.Equal("/block", await raw.ReadBodyAsync());
        for (var i = 0; i < 20; i++) Assert.Equal($"/{i}", await raw.ReadBodyAsync());
    }

    [Fact]
    public async Task More_than_the_buffer_holds_waits_with_it()
    {
        await using var host = await StartAsync(options => options.MaxReadBufferSize = 10_000);
        await using var raw = await host.OpenAsync();
        await raw.StartPostAsync(BodyLength);
        _blocked.Take(Deadline());

        var first = raw.SendUntilFull(new byte[BodyLength]);
        Assert.Equal("/quick", await host.GetAsync("/quick"));
        Assert.Equal("/quick", await host.GetAsync("/quick"));
        _go.Set();
        await raw.SendAsync(new byte[BodyLength - first]);

        Assert.Equal("/", await raw.ReadBodyAsync());
    }

    [Fact]
    public async Task Its_connection_can_be_aborted_meanwhile()
    {
        await using var host = await StartAsync();
        await using var raw = await host.OpenAsync();
        await raw.GetAsync("/block");
        var context = _blocked.Take(Deadline());

        context.Abort();

        Assert.Empty(await raw.ReadToEndAsync());
        Assert.True(raw.IsReset);
        _go.Set();
        Assert.Equal("/quick", await host.GetAsync("/quick"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_learns_that_its_client_has_left(bool isReset)
    {
        await using var host = await StartAsync();
        await using var raw = await host.OpenAsync();
        await raw.GetAsync("/leave");
        var context = _blocked.Take(Deadline());

        if (isReset) await raw.DisposeAsync();
        else raw.Finish();

        // The handler waits for RequestAborted.
        Assert.Same(context, _blocked.Take(Deadline()));
        Assert.Equal("/quick", await host.GetAsync("/quick"));
    }

    [Fact]
    public async Task What_it_writes_before_it_waits_goes_out()
    {
        await using var host = await StartAsync();
        await using var raw = await host.OpenAsync();

        await raw.GetAsync("/stream");
        Assert.Contains("first", await raw.ReadHeadAsync() + Text(await raw.ReadAsync(10)), StringComparison.Ordinal);
        _go.Set();

        Assert.Equal("second", Text(await raw.ReadAsync(11))[3..9]);
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.ASCII.GetString(bytes);

    private static CancellationToken Deadline() => new CancellationTokenSource(TestHost.Patience).Token;

    private async Task<RawConnection> BlockAsync(EpollHost host)
    {
        var raw = await host.OpenAsync();
        await raw.GetAsync("/block");
        _blocked.Take(Deadline());
        return raw;
    }

    private Task<EpollHost> StartAsync(Action<EpollOptions>? options = null) => EpollHost.StartAsync(
        async context =>
        {
            var path = context.Request.Path.Value!;
            switch (path)
            {
                case "/":
                case "/block":
                    _blocked.Add(context);
                    _go.Wait(TestHost.Patience);
                    await context.Request.Body.CopyToAsync(Stream.Null);
                    break;
                case "/leave":
                    _blocked.Add(context);
                    if (context.RequestAborted.WaitHandle.WaitOne(TestHost.Patience)) _blocked.Add(context);
                    return;
                case "/stream":
                    await context.Response.WriteAsync("first");
                    _go.Wait(TestHost.Patience);
                    await context.Response.WriteAsync("second");
                    return;
            }

            await context.AnswerAsync(path);
        },
        options);
}
