using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace SocketIOServer.Epoll.Tests;

/// <summary>The memory of many connections comes from one pool, and no byte of one is ever seen by another.</summary>
public sealed class BlockTests
{
    private const int Connections = 12;

    // Of each, once its client reads.
    private const int Rest = 500_000;

    private readonly WatchedPools _pools = new();
    private readonly TaskCompletionSource[] _full = [.. Enumerable.Range(0, Connections).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

    [Theory]
    [InlineData(1)]
    [InlineData(50_000)]
    [InlineData(4_000_000)]
    public async Task Writers_on_the_pool_and_loops_that_send_at_once_mix_no_bytes(int limit)
    {
        await using (var host = await StartAsync(limit, static (_, _) => Task.CompletedTask))
        {
            var all = await Task.WhenAll(Enumerable.Range(0, Connections).Select(number => ReadAsync(host, number, leaves: false)));
            Assert.All(all, Assert.False);
        }

        await AssertAllReturnedAsync();
    }

    [Fact]
    public async Task Connections_that_end_in_the_middle_do_no_harm_to_others()
    {
        await using (var host = await StartAsync(50_000, EndAsync))
        {
            var all = await Task.WhenAll(Enumerable.Range(0, Connections).Select(number => ReadAsync(host, number, leaves: number % 4 == 0)));
            Assert.Equal(Enumerable.Range(0, Connections).Select(number => number % 4 is 1 or 2), all);
        }

        await AssertAllReturnedAsync();

        static async Task EndAsync(ConnectionContext connection, int number)
        {
            if (number % 4 == 1) connection.Abort();
            if (number % 4 == 2) await connection.Transport.Output.CompleteAsync(new InvalidOperationException("of the program"));
        }
    }

    [Fact]
    public async Task Memory_that_a_program_still_fills_stays_its_own_while_the_loop_sends_all_before_it()
    {
        await using var pair = await Pair.OpenAsync(options => options.Loops = 1);
        await pair.FillAndGoOnAsync();

        var mine = pair.Output.GetMemory();
        await pair.AssertReadAsync();
        await pair.RoundAsync();
        var other = await pair.OpenAnotherAsync();

        Assert.False(mine.Span.Overlaps(other.Transport.Output.GetSpan()));
        "still mine"u8.CopyTo(mine.Span);
        pair.Output.Advance(10);
        await pair.Output.FlushAsync();
        Assert.Equal("still mine"u8.ToArray(), await pair.Client.ReadAsync(10));
    }

    [Fact]
    public async Task Memory_that_a_program_still_fills_stays_its_own_when_the_connection_is_aborted()
    {
        await using var pair = await Pair.OpenAsync(options => options.Loops = 1);
        await pair.FillAndGoOnAsync();

        var mine = pair.Output.GetMemory();
        pair.Server.Abort();
        await pair.RoundAsync();
        var other = await pair.OpenAnotherAsync();

        Assert.False(mine.Span.Overlaps(other.Transport.Output.GetSpan()));
        pair.Output.Advance(1);
        Assert.True((await pair.Output.FlushAsync()).IsCompleted);
    }

    private static ReadOnlySpan<byte> Source(int number) => Pair.Source.AsSpan(number * 1_000_003);

    private Task<EpollHost> StartAsync(int limit, Func<ConnectionContext, int, Task> whenFull) => EpollHost.StartBareAsync(
        connection => Task.Run(() => WriteAsync(connection, whenFull)),
        options => options.MaxWriteBufferSize = limit,
        pools: _pools);

    // The client says which it is. Once a flush waits it is told to read, so from then on the loop sends too.
    private async Task WriteAsync(ConnectionContext connection, Func<ConnectionContext, int, Task> whenFull)
    {
        var output = connection.Transport.Output;
        var number = (await connection.Transport.Input.ReadAsync()).Buffer.FirstSpan[0];
        // To a thread of the pool again.
        await Task.Yield();
        var at = 0;
        for (var left = Rest; left > 0;)
        {
            var count = 1 + (at * 7 % 9_001);
            output.Write(Source(number).Slice(at, count));
            at += count;
            var flush = output.FlushAsync().AsTask();
            if (!flush.IsCompleted && _full[number].TrySetResult()) await whenFull(connection, number);
            if ((await flush.Soon()).IsCompleted) return;
            if (_full[number].Task.IsCompleted) left -= count;
        }
    }

    // Whether it was reset.
    private async Task<bool> ReadAsync(EpollHost host, int number, bool leaves)
    {
        await using var client = await host.OpenAsync();
        await client.SendAsync([(byte)number]);
        await _full[number].Task.Soon();
        if (leaves) return false;
        var read = Encoding.Latin1.GetBytes(await client.ReadToEndAsync(Encoding.Latin1));
        Assert.True(read.AsSpan().SequenceEqual(Source(number)[..read.Length]), $"Connection {number} has bytes that it was not sent.");
        if (!client.IsReset) Assert.InRange(read.Length, Rest, int.MaxValue);
        return client.IsReset;
    }

    // Each loop keeps one at hand.
    private async Task AssertAllReturnedAsync()
    {
        await Eventually.TrueAsync(() => _pools.Rented <= 2, () => $"{_pools.Rented} blocks were not given back.");
        Assert.Equal(0, _pools.Misused);
    }
}
