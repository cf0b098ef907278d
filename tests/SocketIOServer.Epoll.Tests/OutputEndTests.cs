using System.Text;

namespace SocketIOServer.Epoll.Tests;

/// <summary>How an output ends, with and without something still unsent.</summary>
public sealed class OutputEndTests
{
    [Fact]
    public async Task Complete_sends_what_the_kernel_had_no_room_for_and_what_was_not_flushed()
    {
        await using var pair = await Pair.OpenAsync();
        var flush = pair.Fill();
        pair.Write(100_000);

        await pair.Output.CompleteAsync();

        await pair.AssertReadToEndAsync();
        await flush;
    }

    [Fact]
    public async Task Complete_without_a_flush_sends_all()
    {
        await using var pair = await Pair.OpenAsync();
        pair.Write(10_000);

        await pair.Output.CompleteAsync();

        await pair.AssertReadToEndAsync();
    }

    [Fact]
    public async Task Complete_with_an_exception_is_a_reset_though_something_is_unsent()
    {
        await using var pair = await Pair.OpenAsync();
        var flush = pair.Fill();

        await pair.Output.CompleteAsync(new InvalidOperationException("of the program"));

        Assert.True((await flush).IsCompleted);
        var read = await pair.Client.ReadToEndAsync(Encoding.Latin1);
        Assert.True(pair.Client.IsReset);
        Assert.InRange(read.Length, 0, pair.Written - 1);
    }

    [Fact]
    public async Task Only_the_first_Complete_counts()
    {
        await using var pair = await Pair.OpenAsync();
        pair.Write(10);

        await pair.Output.CompleteAsync();
        await pair.Output.CompleteAsync(new InvalidOperationException("of the program"));

        await pair.AssertReadToEndAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_written_after_Complete(bool isBlocked)
    {
        await using var pair = await Pair.OpenAsync();
        if (isBlocked) _ = pair.Fill();
        pair.Write(10);

        await pair.Output.CompleteAsync();

        Assert.Throws<InvalidOperationException>(() => pair.Output.GetMemory());
        Assert.Throws<InvalidOperationException>(() => _ = pair.Output.GetSpan().Length);
        Assert.Throws<InvalidOperationException>(() => pair.Output.Advance(1));
        var flush = pair.Output.FlushAsync().AsTask();
        await pair.AssertReadToEndAsync();
        await flush.Soon();
    }

    [Fact]
    public async Task A_flush_after_the_client_is_gone_says_so()
    {
        await using var pair = await Pair.OpenAsync();
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Server.ConnectionClosed.Register(gone.SetResult);
        await pair.Client.DisposeAsync();
        await gone.Task.Soon();

        // The kernel refuses the first, and the loop ends the connection.
        pair.Write(10);
        await pair.Output.FlushAsync();
        await pair.RoundAsync();

        for (var i = 0; i < 3; i++)
        {
            pair.Write(10_000);
            Assert.True((await pair.Output.FlushAsync()).IsCompleted);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_waiting_flush_ends_with_the_connection(bool isAbort)
    {
        await using var pair = await Pair.OpenAsync();
        var flush = pair.Fill();

        if (isAbort) pair.Server.Abort();
        else await pair.Client.DisposeAsync();

        Assert.True((await flush).IsCompleted);
        Assert.True((await pair.Output.FlushAsync()).IsCompleted);
    }

    [Fact]
    public async Task An_abort_after_Complete_drops_what_is_unsent()
    {
        await using var pair = await Pair.OpenAsync();
        var flush = pair.Fill();
        await pair.Output.CompleteAsync();

        pair.Server.Abort();

        await flush;
        var read = await pair.Client.ReadToEndAsync(Encoding.Latin1);
        Assert.True(pair.Client.IsReset);
        Assert.InRange(read.Length, 0, pair.Written - 1);
    }
}
