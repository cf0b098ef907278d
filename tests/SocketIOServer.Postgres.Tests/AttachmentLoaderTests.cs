using Npgsql;

namespace SocketIOServer.Postgres.Tests;

/// <summary>The end of a connection while messages are being loaded.</summary>
public sealed class AttachmentLoaderTests
{
    [Fact]
    public async Task A_connection_that_breaks_while_the_bus_closes_it_is_no_exception()
    {
        var opening = new TaskCompletionSource();
        using var connected = new CancellationTokenSource();
        var order = new InOrder((_, _) => { }, maxWaiting: 1);
        var loader = new AttachmentLoader(OpenAsync, new("attachments"), new(), order, TimeProvider.System, new NoFaults());

        loader.Add("room", order.Reserve("room")!, 1, "text");
        var running = loader.RunAsync(connected.Token);
        await opening.Task.WaitAsync(TestHost.Patience);
        await connected.CancelAsync();

        await running.WaitAsync(TestHost.Patience);

        async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancel)
        {
            opening.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new NpgsqlException("Exception while reading from stream");
        }
    }

    private sealed class NoFaults : IAttachmentFaults
    {
        public void OnNotLoaded(Exception exception) => Assert.Fail();

        public void OnGone(string channel, long id) => Assert.Fail();

        public void OnNotCleaned(Exception exception) => Assert.Fail();
    }
}
