using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.Epoll.Tests;

/// <summary>Bytes arrive, all and in order, however much of them there is and whoever is slow.</summary>
public sealed class TransferTests
{
    [Fact]
    public async Task A_large_body_goes_both_ways_in_whatever_pieces_it_is_read()
    {
        await using var host = await EpollHost.StartAsync(async context =>
        {
            context.Response.ContentLength = context.Request.ContentLength;
            var buffer = new byte[777];
            while (await context.Request.Body.ReadAsync(buffer) is > 0 and var count) await context.Response.Body.WriteAsync(buffer.AsMemory(0, count));
        });
        await using var raw = await host.OpenAsync();
        var sent = HttpOverRaw.Pattern(3_000_001);

        await raw.StartPostAsync(sent.Length);
        var sending = SendInPiecesAsync(raw, sent);
        await raw.ReadHeadAsync();
        var received = await raw.ReadAsync(sent.Length);
        await sending;

        Assert.Equal(sent, received);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task A_program_that_does_not_read_pauses_the_client_and_gets_everything_when_it_goes_on(int limit)
    {
        var go = new TaskCompletionSource();
        var waiting = 0L;
        var sent = HttpOverRaw.Pattern(32 << 20);
        await using var host = await EpollHost.StartAsync(
            async context =>
            {
                await go.Task;
                var first = await context.Request.BodyReader.ReadAsync();
                waiting = first.Buffer.Length;
                context.Request.BodyReader.AdvanceTo(first.Buffer.Start);
                var isSame = true;
                var at = 0;
                while (true)
                {
                    var read = await context.Request.BodyReader.ReadAsync();
                    foreach (var block in read.Buffer)
                    {
                        isSame &= block.Span.SequenceEqual(sent.AsSpan(at, block.Length));
                        at += block.Length;
                    }

                    context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted) break;
                }

                await context.AnswerAsync($"{at} {isSame}");
            },
            options => options.MaxReadBufferSize = limit,
            kestrel => kestrel.Limits.MaxRequestBodySize = null);
        await using var raw = await host.OpenAsync();

        await raw.StartPostAsync(sent.Length);
        var first = raw.SendUntilFull(sent);
        go.SetResult();
        await raw.SendAsync(sent[first..]);

        Assert.Equal($"{sent.Length} True", await raw.ReadBodyAsync());
        // What one wake-up reads may come on top of the limit.
        Assert.InRange(waiting, 1, limit + 64 * 1024 + 4096);
    }

    [Fact]
    public async Task A_client_that_does_not_read_pauses_the_program_and_gets_everything_when_it_goes_on()
    {
        // More than the buffers of both ends of a loopback connection hold.
        var piece = HttpOverRaw.Pattern(8 << 20);
        var waits = new TaskCompletionSource();
        await using var host = await EpollHost.StartBareAsync(async connection =>
        {
            for (var i = 0; i < 3; i++)
            {
                connection.Transport.Output.Write(piece);
                var flush = connection.Transport.Output.FlushAsync();
                if (!flush.IsCompleted) waits.TrySetResult();
                await flush;
            }

            waits.TrySetException(new InvalidOperationException("Nothing paused the program."));
        });
        await using var raw = await host.OpenAsync();

        await waits.Task.Soon();

        for (var i = 0; i < 3; i++) Assert.True((await raw.ReadAsync(piece.Length)).SequenceEqual(piece));
        Assert.Empty(await raw.ReadToEndAsync());
        Assert.False(raw.IsReset);
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var host = await EpollHost.StartAsync(EchoPathAsync);
        await using var raw = await host.OpenAsync();

        await raw.SendAsync(string.Concat(Enumerable.Range(0, 500).Select(i => $"GET /{i} HTTP/1.1\r\nHost: x\r\n\r\n")));

        for (var i = 0; i < 500; i++) Assert.Equal($"/{i}", await raw.ReadBodyAsync());
    }

    [Fact]
    public async Task A_connection_stays_for_the_next_request()
    {
        await using var host = await EpollHost.StartAsync(EchoPathAsync);
        await using var raw = await host.OpenAsync();

        for (var i = 0; i < 50; i++)
        {
            await raw.GetAsync($"/{i}");
            Assert.Equal($"/{i}", await raw.ReadBodyAsync());
        }
    }

    [Fact]
    public async Task Five_hundred_connections_are_served_at_once()
    {
        var all = new CountdownEvent(500);
        var everybody = new TaskCompletionSource();
        await using var host = await EpollHost.StartAsync(async context =>
        {
            if (all.Signal()) everybody.SetResult();
            await everybody.Task;
            await EchoPathAsync(context);
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => host.GetAsync($"/{i}")));

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"/{i}"), answers);
    }

    [Fact]
    public async Task The_program_runs_on_the_thread_that_read_the_message()
    {
        await using var host = await EpollHost.StartBareAsync(EpollHost.TellThreadAsync);

        Assert.Matches("^epoll [01]$", await EpollHost.ThreadAsync(host.Address));
    }

    [Fact]
    public async Task Without_RunInline_the_program_runs_on_the_thread_pool()
    {
        await using var host = await EpollHost.StartBareAsync(EpollHost.TellThreadAsync, options => options.RunInline = false);

        Assert.Equal("thread pool", await EpollHost.ThreadAsync(host.Address));
    }

    [Fact]
    public async Task A_program_may_ask_for_more_room_than_it_fills()
    {
        var reads = new TaskCompletionSource();
        var hasRead = new TaskCompletionSource();
        await using var host = await EpollHost.StartBareAsync(connection =>
        {
            // Begun before the client is told to go, so that it goes on upon the loop.
            var writing = WriteAsync(connection);
            reads.SetResult();
            return writing;
        });
        await using var raw = await host.OpenAsync();

        await reads.Task.Soon();
        await raw.SendAsync("go");
        Assert.Equal("one"u8.ToArray(), await raw.ReadAsync(3));
        hasRead.SetResult();

        Assert.Equal("two"u8.ToArray(), await raw.ReadAsync(3));
        Assert.Matches("^\0+$", await raw.ReadToEndAsync());

        async Task WriteAsync(ConnectionContext connection)
        {
            var output = connection.Transport.Output;
            await connection.Transport.Input.ReadAsync();
            output.Write("one"u8);
            await output.FlushAsync();
            // A block of which nothing is used, for it is too small then.
            output.GetSpan(1);
            await hasRead.Task;
            output.GetSpan(4096);
            output.Write("two"u8);
            output.Write(new byte[output.GetSpan(1).Length]);
            // And here is the last one.
            output.GetSpan(1);
            await output.FlushAsync();
        }
    }

    private static async Task SendInPiecesAsync(RawConnection raw, byte[] bytes)
    {
        for (var at = 0; at < bytes.Length; at += 10_007) await raw.SendAsync(bytes[at..Math.Min(at + 10_007, bytes.Length)]);
    }

    private static Task EchoPathAsync(HttpContext context) => context.AnswerAsync(context.Request.Path.Value!);
}
