using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Epoll.Tests;

/// <summary>Both ends of a connection. The program's is the test's to write on, and what it writes is <see cref="Source"/> from its beginning.</summary>
internal sealed class Pair : IAsyncDisposable
{
    /// <summary>Bytes that no mistake repeats, more than the buffers of both ends of a loopback connection hold.</summary>
    public static readonly byte[] Source = Random(32 << 20);

    private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<RawConnection> _clients = [];
    private EpollHost _host = null!;

    private Pair()
    {
    }

    public RawConnection Client => _clients[0];

    public ConnectionContext Server { get; private set; } = null!;

    public PipeWriter Output => Server.Transport.Output;

    /// <summary>So much of <see cref="Source"/> was written.</summary>
    public int Written { get; private set; }

    public static async Task<Pair> OpenAsync(Action<EpollOptions>? options = null)
    {
        var pair = new Pair();
        pair._host = await EpollHost.StartBareAsync(
            connection =>
            {
                pair._accepted.Writer.TryWrite(connection);
                return pair._over.Task;
            },
            options);
        pair.Server = await pair.OpenAnotherAsync();
        return pair;
    }

    /// <summary>The program's end of one more connection.</summary>
    public async Task<ConnectionContext> OpenAnotherAsync()
    {
        _clients.Add(await _host.OpenAsync());
        return await _accepted.Reader.ReadAsync().AsTask().Soon();
    }

    public void Write(int count)
    {
        Output.Write(Source.AsSpan(Written, count));
        Written += count;
    }

    /// <summary>Writes until a flush waits for the client, which reads nothing.</summary>
    public Task<FlushResult> Fill(CancellationToken cancel = default)
    {
        while (true)
        {
            Write(1 << 20);
            var flush = Output.FlushAsync(cancel);
            if (!flush.IsCompleted) return flush.AsTask().Soon();
        }
    }

    /// <summary>Writes as much, and waits no more.</summary>
    public async Task FillAndGoOnAsync()
    {
        var flush = Fill();
        Output.CancelPendingFlush();
        await flush;
    }

    /// <summary>The client reads on from a place up to what was written.</summary>
    public async Task AssertReadAsync(int from = 0) =>
        Assert.True((await Client.ReadAsync(Written - from)).AsSpan().SequenceEqual(Source.AsSpan(from, Written - from)), "The bytes are not those written.");

    /// <summary>As above, and that is the end, in peace.</summary>
    public async Task AssertReadToEndAsync()
    {
        var read = await Client.ReadToEndAsync(Encoding.Latin1);
        Assert.False(Client.IsReset);
        Assert.Equal(Written, read.Length);
        Assert.True(Encoding.Latin1.GetBytes(read).AsSpan().SequenceEqual(Source.AsSpan(0, Written)), "The bytes are not those written.");
    }

    /// <summary>Over once the loop has done what it was asked for before.</summary>
    public async Task RoundAsync()
    {
        var round = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Features.Get<IConnectionSchedulerFeature>()!.Scheduler.Schedule(_ => round.SetResult(), null);
        await round.Task.Soon();
    }

    public async ValueTask DisposeAsync()
    {
        _over.SetResult();
        foreach (var client in _clients) await client.DisposeAsync();
        await _host.DisposeAsync();
    }

    private static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
