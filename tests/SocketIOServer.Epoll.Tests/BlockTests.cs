using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace SocketIOServer.Epoll.Tests;

/// <summary>The memory of many connections comes from one pool, and no byte of one is ever seen by another.</summary>
public sealed class BlockTests
{
    private const int Connections = 12;

    // Of each, once its client reads.
    private const int Rest = 400_000;

    private readonly WatchedPools _pools = new();
    private readonly TaskCompletionSource[] _full = [.. Enumerable.Range(0, Connections).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
    private int _count;

    [Theory]
    [InlineData(1)]
    [InlineData(50_000)]
    public async Task Writers_on_the_pool_and_loops_that_send_at_once_mix_no_bytes(int limit)
    {
        await using (var host = await StartAsync(limit, static (_, _) => Task.CompletedTask))
        {
            var all = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => ReadAsync(host, static _ => false)));
            Assert.All(all, read => Assert.False(read.IsReset));
        }

        await AssertAllReturnedAsync();
    }

    [Fact]
    public async Task Connections_that_end_in_the_middle_do_no_harm_to_others()
    {
        await using (var host = await StartAsync(50_000, EndAsync))
        {
            var all = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => ReadAsync(host, static number => number % 4 == 0)));
            Assert.All(all, read => Assert.Equal(read.Number % 4 is 1 or 2, read.IsReset));
        }

        await AssertAllReturnedAsync();

        static async Task EndAsync(ConnectionContext connection, int number)
        {
            if (number % 4 == 1) connection.Abort();
            if (number % 4 == 2) await connection.Transport.Output.CompleteAsync(new InvalidOperationException("of the program"));
        }
    }

    private static ReadOnlySpan<byte> Source(int number) => Pair.Source.AsSpan(number * 1_000_003);

    private Task<EpollHost> StartAsync(int limit, Func<ConnectionContext, int, Task> whenFull) => EpollHost.StartBareAsync(
        connection => Task.Run(() => WriteAsync(connection, Interlocked.Increment(ref _count) - 1, whenFull)),
        options => options.MaxWriteBufferSize = limit,
        pools: _pools);

    // Begins with its number. Once a flush waits the client is told to read, so from then on the loop sends too.
    private async Task WriteAsync(ConnectionContext connection, int number, Func<ConnectionContext, int, Task> whenFull)
    {
        var output = connection.Transport.Output;
        output.Write([(byte)number]);
        var at = 0;
        for (var left = Rest; left > 0;)
        {
            var count = 1 + (at * 7 % 9_001);
            output.Write(Source(number).Slice(at, count));
            at += count;
            var flush = output.FlushAsync().AsTask();
            if (!flush.IsCompleted && _full[number].TrySetResult()) await whenFull(connection, number);
            if ((await flush.WaitAsync(TestHost.Patience)).IsCompleted) return;
            if (_full[number].Task.IsCompleted) left -= count;
        }
    }

    private async Task<(int Number, bool IsReset)> ReadAsync(EpollHost host, Func<int, bool> leaves)
    {
        await using var client = await host.OpenAsync();
        var number = (await client.ReadAsync(1))[0];
        await _full[number].Task.WaitAsync(TestHost.Patience);
        if (leaves(number)) return (number, false);
        var read = Encoding.Latin1.GetBytes(await client.ReadToEndAsync(Encoding.Latin1));
        Assert.True(read.AsSpan().SequenceEqual(Source(number)[..read.Length]), $"Connection {number} has bytes that it was not sent.");
        if (!client.IsReset) Assert.InRange(read.Length, Rest, int.MaxValue);
        return (number, client.IsReset);
    }

    // Each loop keeps one at hand.
    private async Task AssertAllReturnedAsync()
    {
        await Eventually.TrueAsync(() => _pools.Rented <= 2, () => $"{_pools.Rented} blocks were not given back.");
        Assert.Equal(0, _pools.Misused);
    }
}
