using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace SocketIOServer.Epoll.Tests;

/// <summary>Both ends of a connection. The program's is the test's to write on, and what it writes is <see cref="Source"/> from its beginning.</summary>
internal sealed class Pair : IAsyncDisposable
{
    /// <summary>Bytes that no mistake repeats, more than the buffers of both ends of a loopback connection hold.</summary>
    public static readonly byte[] Source = Random(32 << 20);

    private readonly EpollHost _host;
    private readonly TaskCompletionSource _over;

    private Pair(EpollHost host, RawConnection client, ConnectionContext server, TaskCompletionSource over)
    {
        _host = host;
        _over = over;
        Client = client;
        Server = server;
    }

    public RawConnection Client { get; }

    public ConnectionContext Server { get; }

    public PipeWriter Output => Server.Transport.Output;

    /// <summary>So much of <see cref="Source"/> was written.</summary>
    public int Written { get; private set; }

    public static async Task<Pair> OpenAsync(Action<EpollOptions>? options = null)
    {
        var accepted = new TaskCompletionSource<ConnectionContext>(TaskCreationOptions.RunContinuationsAsynchronously);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = await EpollHost.StartBareAsync(
            connection =>
            {
                accepted.SetResult(connection);
                return over.Task;
            },
            options);
        var client = await host.OpenAsync();
        return new(host, client, await accepted.Task.WaitAsync(TestHost.Patience), over);
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
            if (!flush.IsCompleted) return flush.AsTask().WaitAsync(TestHost.Patience, CancellationToken.None);
        }
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
        Server.Features.Get<PipeScheduler>()!.Schedule(_ => round.SetResult(), null);
        await round.Task.WaitAsync(TestHost.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        _over.SetResult();
        await Client.DisposeAsync();
        await _host.DisposeAsync();
    }

    private static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
