using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>
/// A client may send its next request as soon as it has the last answer, on another connection, as all Node clients do:
/// before the server's own code has gone on behind the write.
/// </summary>
public sealed class OverlapTests : EngineTests
{
    private readonly TaskCompletionSource _mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isHeld;

    [Fact]
    public async Task A_poll_right_behind_the_answer_to_the_last_is_no_overlap()
    {
        var host = Keep(await EngineHost.StartAsync(use: app => app.Use(HoldAsync)));
        var client = await host.PollAsync();
        host.Find(client).Send("one");
        await using var raw = await RawConnection.OpenAsync(host.Web.Address);
        _isHeld = true;
        await raw.SendAsync($"GET {client.Url} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await raw.ReadHeadAsync(), StringComparison.Ordinal);
        _isHeld = false;

        host.Find(client).Send("two");

        Assert.Equal("4two", await client.PollAsync());
        _mayGoOn.SetResult();
    }

    [Fact]
    public async Task A_post_right_behind_the_answer_to_the_last_is_no_overlap()
    {
        var host = Keep(await EngineHost.StartAsync(use: app => app.Use(HoldAsync)));
        var client = await host.PollAsync();
        await using var raw = await RawConnection.OpenAsync(host.Web.Address);
        _isHeld = true;
        await raw.SendAsync($"POST {client.Url} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n4one");
        Assert.StartsWith("HTTP/1.1 200 ", await raw.ReadHeadAsync(), StringComparison.Ordinal);
        _isHeld = false;

        Assert.Equal((200, "ok"), await client.PostAsync("4two"));
        _mayGoOn.SetResult();

        Assert.Equal(["one", "two"], host.Find(client).Received);
    }

    // Writes what the endpoint writes, and lets the endpoint go on when the test says so.
    private async Task HoldAsync(HttpContext context, RequestDelegate next)
    {
        var isHeld = _isHeld;
        var body = context.Response.Body;
        if (isHeld) context.Response.Body = new HeldStream(body, _mayGoOn.Task);
        await next(context);
        context.Response.Body = body;
    }

    private sealed class HeldStream(Stream inner, Task mayGoOn) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            await inner.FlushAsync(cancellationToken);
            await mayGoOn;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
