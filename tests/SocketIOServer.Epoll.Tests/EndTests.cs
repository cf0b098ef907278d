using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace SocketIOServer.Epoll.Tests;

/// <summary>Either side ends a connection, in either way, and the other learns of it.</summary>
public sealed class EndTests
{
    [Fact]
    public async Task A_client_that_sends_no_more_is_answered()
    {
        await using var host = await EpollHost.StartBareAsync(async connection =>
        {
            var read = await connection.Transport.Input.ReadAtLeastAsync(int.MaxValue);
            await connection.Transport.Output.WriteAsync(read.Buffer.First);
        });
        await using var raw = await host.OpenAsync();

        await raw.SendAsync("said all");
        raw.Finish();

        Assert.Equal("said all", await raw.ReadToEndAsync());
        Assert.False(raw.IsReset);
    }

    [Fact]
    public async Task Abort_is_a_reset_and_cancels_RequestAborted()
    {
        var aborted = new TaskCompletionSource();
        await using var host = await EpollHost.StartAsync(context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            context.Abort();
            return aborted.Task;
        });
        await using var raw = await host.OpenAsync();

        await raw.GetAsync("/");

        Assert.Empty(await raw.ReadToEndAsync());
        Assert.True(raw.IsReset);
        await aborted.Task.Soon();
    }

    [Fact]
    public async Task A_clients_reset_cancels_RequestAborted_and_ConnectionClosed()
    {
        var arrived = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        var closed = new TaskCompletionSource();
        await using var host = await EpollHost.StartAsync(context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().ConnectionClosed.Register(closed.SetResult);
            arrived.SetResult();
            return aborted.Task;
        });
        var raw = await host.OpenAsync();

        await raw.GetAsync("/");
        await arrived.Task.Soon();
        await raw.DisposeAsync();

        await aborted.Task.Soon();
        await closed.Task.Soon();
    }

    // Kestrel aborts without a reason here; there is nobody to be reset.
    [Fact]
    public async Task A_client_that_leaves_before_its_answer_sees_a_plain_end()
    {
        var arrived = new TaskCompletionSource();
        await using var host = await EpollHost.StartAsync(async context =>
        {
            var aborted = new TaskCompletionSource();
            context.RequestAborted.Register(aborted.SetResult);
            arrived.SetResult();
            await aborted.Task;
        });
        await using var raw = await host.OpenAsync();

        await raw.GetAsync("/");
        await arrived.Task.Soon();
        raw.Finish();

        Assert.Empty(await raw.ReadToEndAsync());
        Assert.False(raw.IsReset);
    }

    [Fact]
    public async Task An_output_that_ends_with_an_exception_is_a_reset()
    {
        await using var host = await EpollHost.StartBareAsync(async connection =>
        {
            await connection.Transport.Input.ReadAsync();
            await connection.Transport.Output.CompleteAsync(new InvalidOperationException("of the program"));
        });
        await using var raw = await host.OpenAsync();

        await raw.SendAsync("go");

        Assert.Empty(await raw.ReadToEndAsync());
        Assert.True(raw.IsReset);
    }

    [Fact]
    public async Task An_input_that_the_program_ended_with_an_exception_takes_no_more_and_the_output_goes_on()
    {
        var ended = new TaskCompletionSource();
        await using var host = await EpollHost.StartBareAsync(async connection =>
        {
            var closed = new TaskCompletionSource();
            connection.ConnectionClosed.Register(closed.SetResult);
            await connection.Transport.Input.ReadAsync();
            await connection.Transport.Input.CompleteAsync(new InvalidOperationException("of the program"));
            ended.SetResult();
            await closed.Task;
            await connection.Transport.Output.WriteAsync("still here"u8.ToArray());
        });
        await using var raw = await host.OpenAsync();

        await raw.SendAsync("one");
        await ended.Task.Soon();
        await raw.SendAsync("two");

        Assert.Equal("still here", await raw.ReadToEndAsync());
    }

    [Fact]
    public async Task A_callback_of_ConnectionClosed_that_throws_is_logged_and_harms_nobody()
    {
        var isBad = true;
        await using var host = await EpollHost.StartBareAsync(async connection =>
        {
            if (isBad) connection.ConnectionClosed.Register(() => throw new InvalidOperationException("of the program"));
            isBad = false;
            var read = await connection.Transport.Input.ReadAsync();
            await connection.Transport.Output.WriteAsync(read.Buffer.First);
        });
        await using var bad = await host.OpenAsync();
        await bad.SendAsync("bad");
        Assert.Equal("bad", await bad.ReadToEndAsync());

        await Eventually.TrueAsync(() => host.Log.Errors.Any(), "the failure is logged");

        Assert.Equal(30, Assert.Single(host.Log.Errors).Id.Id);
        await using var good = await host.OpenAsync();
        await good.SendAsync("good");
        Assert.Equal("good", await good.ReadToEndAsync());
    }
}
