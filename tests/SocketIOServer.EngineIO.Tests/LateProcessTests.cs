using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>
/// Packets that lie unread because the process had no thread to read them are not silence. The scheduler of the session's reads is the test's:
/// as long as it takes no turn, the process has not caught up.
/// </summary>
public sealed class LateProcessTests : HeartbeatTests
{
    private readonly HeldScheduler _reads = new();

    [Theory]
    [InlineData(4, "3")]
    [InlineData(3, "2")]
    public async Task A_heartbeat_that_is_read_late_counts(int eio, string heartbeat)
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(eio);

        Advance(host, 45);
        await client.SendAsync(heartbeat);
        await client.SendAsync("4last");
        await Eventually.TrueAsync(() => host.Single().Received.Contains("last"), "the process has read it");
        await CloseIfSilentAsync(host);

        Assert.True(host.Single().Session.IsOpen);
        Assert.Equal(1, host.Time.ArmedTimers);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_client_with_nothing_to_read_is_dead_when_the_process_has_caught_up(int eio)
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(eio);

        Advance(host, 45);
        Assert.True(host.Single().Session.IsOpen);

        Assert.Equal("ping timeout", (await _reads.UntilAsync(host.Single().Closed)).Text);
        string last;
        do last = await _reads.UntilAsync(client.ReadAsync());
        while (last == "2");
        Assert.Equal("closed 1000", last);
    }

    [Fact]
    public async Task A_message_whose_rest_is_read_late_was_in_time()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(3);
        await client.SendAsync([4, 1], isLast: false);
        await Eventually.TrueAsync(() => host.Time.ArmedTimers == 2, "the fragment has arrived");

        Advance(host, 30);
        await client.SendAsync([2]);

        Assert.Equal("b:040102", await _reads.UntilAsync(client.ReadAsync()));
        Assert.True(host.Single().Session.IsOpen);
    }

    [Fact]
    public async Task A_message_without_its_rest_ends_the_connection_when_the_process_has_caught_up()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(3);
        await client.SendAsync([4, 1], isLast: false);
        await Eventually.TrueAsync(() => host.Time.ArmedTimers == 2, "the fragment has arrived");

        Advance(host, 30);
        Assert.True(host.Single().Session.IsOpen);

        Assert.Equal("transport close", (await _reads.UntilAsync(host.Single().Closed)).Text);
    }

    [Fact]
    public async Task The_poll_of_a_client_that_is_overdue_waits_until_the_process_has_caught_up()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        Advance(host, 45);

        var poll = client.PollAsync();
        Assert.Equal((200, "ok"), await client.PostAsync("3"));
        await CloseIfSilentAsync(host);

        Assert.Equal("2", await _reads.UntilAsync(poll));
    }

    [Fact]
    public async Task The_poll_of_a_client_that_is_dead_finds_no_session()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        Advance(host, 45);

        var poll = client.PollAsync();

        Assert.Equal("""{"code":1,"message":"Session ID unknown"}""", await _reads.UntilAsync(poll));
        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
    }

    [Theory]
    [InlineData(3, "1:2", 45)]
    [InlineData(4, "3", 45)]
    public async Task A_process_that_has_caught_up_before_the_deadline_refuses_what_comes_after_it(int eio, string heartbeat, double deadline)
    {
        var host = await StartAsync();
        var client = await host.PollAsync(eio);
        Advance(host, deadline - 0.05);
        await CloseIfSilentAsync(host);
        Assert.True(host.Single().Session.IsOpen);

        Advance(host, 0.05);

        Assert.Equal(400, (await client.PostAsync(heartbeat)).Item1);
        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
    }

    [Fact]
    public async Task A_timeout_that_is_disposed_while_the_process_catches_up_does_nothing()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(3);
        var session = host.Single().Session;
        var isExpired = false;
        await using (new ClientTimeout(session, TimeSpan.FromSeconds(1), _ => isExpired = true, session)) Advance(host, 1);

        await _reads.UntilAsync(session.WaitForPendingReadsAsync().AsTask());

        Assert.False(isExpired);
    }

    private async Task<EngineHost> StartAsync()
    {
        var host = Keep(await EngineHost.StartAsync(use: app => app.Use((HttpContext context, RequestDelegate next) =>
        {
            context.Features.Set<IConnectionSchedulerFeature>(new SchedulerFeature(_reads));
            return next(context);
        })));
        // Disposed before the host, whose connections could not end otherwise.
        Keep(new Release(_reads));
        return host;
    }

    // The one that is under way already.
    private Task<bool> CloseIfSilentAsync(EngineHost host) => _reads.UntilAsync(AsResultAsync(host.Single().Session.CloseIfSilentAsync()));

    private static async Task<bool> AsResultAsync(Task task)
    {
        await task;
        return true;
    }

    private sealed class Release(HeldScheduler turns) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => turns.ReleaseAsync();
    }

    private sealed record SchedulerFeature(PipeScheduler Scheduler) : IConnectionSchedulerFeature;
}
