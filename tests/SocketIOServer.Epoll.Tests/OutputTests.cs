namespace SocketIOServer.Epoll.Tests;

/// <summary>A connection's output is a PipeWriter as any other, whatever the kernel has room for.</summary>
public sealed class OutputTests
{
    private const int Limit = 8 << 20;

    [Fact]
    public async Task A_flush_waits_at_the_limit_and_goes_on_at_half_of_it()
    {
        await using var pair = await Pair.OpenAsync(options => options.MaxWriteBufferSize = Limit);

        pair.Write(Limit - 1);
        var below = pair.Output.FlushAsync().AsTask();
        Assert.True(below.IsCompletedSuccessfully);
        pair.Write((2 * Limit) + 1);
        var flush = pair.Output.FlushAsync().AsTask();
        await pair.RoundAsync();
        Assert.False(flush.IsCompleted);

        // Half of the limit is not read, and so much may still be unsent.
        var read = await pair.Client.ReadAsync(5 * Limit / 2);
        var result = await flush.Soon();

        Assert.False(result.IsCompleted || result.IsCanceled);
        Assert.True(read.AsSpan().SequenceEqual(Pair.Source.AsSpan(0, read.Length)));
        await pair.AssertReadAsync(read.Length);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5_000)]
    [InlineData(3, 64 * 1024)]
    [InlineData(4, 4 << 20)]
    public async Task What_is_written_in_whatever_pieces_arrives_in_order(int seed, int limit)
    {
        await using var pair = await Pair.OpenAsync(options => options.MaxWriteBufferSize = limit);
        var random = new Random(seed);
        var length = Pair.Source.Length / 4;

        var writing = Task.Run(WriteAsync);
        var read = await pair.Client.ReadAsync(length);
        await writing.Soon();

        Assert.True(read.AsSpan().SequenceEqual(Pair.Source.AsSpan(0, length)));
        Assert.Equal(0, pair.Output.UnflushedBytes);

        async Task WriteAsync()
        {
            int[] hints = [0, 1, 100, 4095, 4096, 4097, 100_000, 1_000_000];
            var at = 0;
            var unflushed = 0;
            while (at < length)
            {
                var hint = hints[random.Next(hints.Length)];
                var memory = pair.Output.GetMemory(hint);
                Assert.InRange(memory.Length, Math.Max(1, hint), int.MaxValue);
                // Less than there is room for, nothing at all, or all of it.
                var count = Math.Min(length - at, random.Next(3) switch { 0 => random.Next(20), 1 => random.Next(memory.Length), _ => memory.Length });
                Pair.Source.AsSpan(at, count).CopyTo(memory.Span);
                pair.Output.Advance(count);
                at += count;
                unflushed += count;
                Assert.Equal(unflushed, pair.Output.UnflushedBytes);
                if (random.Next(8) != 0) continue;
                await pair.Output.FlushAsync();
                unflushed = 0;
            }

            await pair.Output.FlushAsync();
        }
    }

    [Fact]
    public async Task A_writer_that_never_waits_and_a_loop_that_sends_meanwhile_keep_the_order()
    {
        await using var pair = await Pair.OpenAsync(options => options.MaxWriteBufferSize = int.MaxValue);
        var isFull = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var writing = Task.Run(async () =>
        {
            for (var left = Pair.Source.Length; left > 0; left = Pair.Source.Length - pair.Written)
            {
                pair.Write(Math.Min(left, 1 + (left % 3_001)));
                await pair.Output.FlushAsync();
                // The kernel has no room, so as soon as the client reads the loop sends too.
                if (pair.Written > Limit) isFull.TrySetResult();
            }
        });
        await isFull.Task.Soon();
        var read = await pair.Client.ReadAsync(Pair.Source.Length);
        await writing.Soon();

        Assert.True(read.AsSpan().SequenceEqual(Pair.Source));
    }

    [Fact]
    public async Task Many_small_advances_leave_with_one_flush()
    {
        await using var pair = await Pair.OpenAsync();

        for (var i = 0; i < 20_000; i++) pair.Write(1);
        await pair.Output.FlushAsync();

        await pair.AssertReadAsync();
    }

    [Fact]
    public async Task An_advance_past_the_memory_is_refused()
    {
        await using var pair = await Pair.OpenAsync();

        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Output.Advance(1));
        pair.Output.Advance(0);
        var length = pair.Output.GetMemory().Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Output.Advance(length + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Output.Advance(-1));

        pair.Write(length + 1);
        await pair.Output.FlushAsync();
        await pair.AssertReadAsync();
    }

    [Fact]
    public async Task A_flush_of_nothing_is_over_at_once()
    {
        await using var pair = await Pair.OpenAsync();

        pair.Output.GetMemory();
        var flush = await pair.Output.FlushAsync();

        Assert.False(flush.IsCompleted || flush.IsCanceled);
    }

    [Fact]
    public async Task CancelPendingFlush_ends_a_waiting_flush_and_loses_nothing()
    {
        await using var pair = await Pair.OpenAsync();
        var flush = pair.Fill();

        pair.Output.CancelPendingFlush();

        Assert.True((await flush).IsCanceled);
        pair.Write(10_000);
        var next = pair.Output.FlushAsync().AsTask();
        Assert.False(next.IsCompleted);
        await pair.AssertReadAsync();
        Assert.False((await next.Soon()).IsCanceled);
    }

    [Fact]
    public async Task CancelPendingFlush_before_a_flush_ends_that_one_alone()
    {
        await using var pair = await Pair.OpenAsync();

        pair.Output.CancelPendingFlush();
        pair.Write(1);

        Assert.True((await pair.Output.FlushAsync()).IsCanceled);
        Assert.False((await pair.Output.FlushAsync()).IsCanceled);
        await pair.AssertReadAsync();
    }

    [Fact]
    public async Task CancelPendingFlush_before_a_flush_that_would_wait_ends_it()
    {
        await using var pair = await Pair.OpenAsync();
        await pair.FillAndGoOnAsync();

        pair.Output.CancelPendingFlush();
        pair.Write(1);

        Assert.True((await pair.Output.FlushAsync().AsTask().Soon()).IsCanceled);
        await pair.AssertReadAsync();
    }

    [Fact]
    public async Task A_token_ends_a_waiting_flush_and_loses_nothing()
    {
        await using var pair = await Pair.OpenAsync();
        using var cancel = new CancellationTokenSource();
        var flush = pair.Fill(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);
        pair.Write(10_000);
        var next = pair.Output.FlushAsync().AsTask();
        await pair.AssertReadAsync();
        Assert.False((await next.Soon()).IsCanceled);
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_flushes_nothing_and_loses_nothing()
    {
        await using var pair = await Pair.OpenAsync();
        pair.Write(10);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pair.Output.FlushAsync(new CancellationToken(canceled: true)));

        Assert.Equal(10, pair.Output.UnflushedBytes);
        await pair.Output.FlushAsync();
        await pair.AssertReadAsync();
    }

    [Fact]
    public async Task A_handler_that_holds_its_thread_while_it_flushes_is_let_go_when_the_client_reads()
    {
        await using var host = await EpollHost.StartBareAsync(
            async connection =>
            {
                await connection.Transport.Input.ReadAsync();
                // On the only loop, which another thread takes over meanwhile.
                connection.Transport.Output.WriteAsync(Pair.Source).AsTask().Wait(TestHost.Patience);
            },
            options => options.Loops = 1);
        await using var raw = await host.OpenAsync();

        await raw.SendAsync("go");

        Assert.True((await raw.ReadAsync(Pair.Source.Length)).AsSpan().SequenceEqual(Pair.Source));
        Assert.Empty(await raw.ReadToEndAsync());
        Assert.False(raw.IsReset);
    }
}
