using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Demo.Tests;

/// <summary>All but the handler that blocks its thread: no clock but the real one ends that.</summary>
public sealed class JobsTests
{
    [Fact]
    public async Task The_first_message_comes_at_once_and_the_second_when_the_work_is_done()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync("/testnamespace");

        await client.EmitAsync("request_for_response", new { param = "" });
        Assert.Equal("""["response",{"code":"200","msg":"start to process..."}]""", Assert.Single(client.Received).ToString());
        host.Clock.Advance(TimeSpan.FromSeconds(5));

        await client.NextAsync("response");
        Assert.Equal("""["response",{"code":"200","msg":"processed"}]""", (await client.NextAsync("response")).ToString());
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task A_job_tells_each_step_and_its_end()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync("/testnamespace");

        var ack = client.CallAsync("run_job", new { steps = 2 });
        await StepAsync(host);
        Assert.Equal("""["progress",{"step":1,"steps":2,"text":"reading the files","percent":50}]""", (await client.NextAsync("progress")).ToString());
        await StepAsync(host);

        Assert.Equal("""["progress",{"step":2,"steps":2,"text":"counting","percent":100}]""", (await client.NextAsync("progress")).ToString());
        Assert.Equal("""[{"steps":2,"text":"done"}]""", (await ack).ToString());
    }

    [Fact]
    public async Task A_job_ends_with_its_client()
    {
        var log = new JobLog();
        await using var host = await StartAsync(log);
        await using var client = await host.ConnectAsync("/testnamespace");
        await client.EmitAsync("run_job", new { steps = 100 });
        await StepAsync(host);
        await client.NextAsync("progress");

        client.Drop();

        Assert.Equal("Job cancelled after 1 of 100 steps", await log.Line.WaitAsync(host.Timeout));
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task A_cancelled_job_answers_how_far_it_came_and_another_can_be_started()
    {
        await using var host = await StartAsync();
        await using var page = await host.ConnectAsync("/testnamespace");
        var first = page.CallAsync<Result>("run_job", new { steps = 100 });
        await StepAsync(host);
        await page.NextAsync("progress");

        await page.CallAsync("cancel_job");
        Assert.Equal(new Result(1, "cancelled"), await first);

        var second = page.CallAsync<Result>("run_job", new { steps = 1 });
        await StepAsync(host);
        Assert.Equal(new Result(1, "done"), await second);
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task A_cancel_right_behind_its_job_finds_it()
    {
        await using var host = await StartAsync();
        await using var page = await host.ConnectAsync("/testnamespace");

        var job = page.CallAsync<Result>("run_job", new { steps = 100 });
        await page.EmitAsync("cancel_job");

        Assert.Equal(new Result(0, "cancelled"), await job);
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task A_page_cancels_its_own_job_and_no_other()
    {
        await using var host = await StartAsync();
        await using var ada = await host.ConnectAsync("/testnamespace");
        await using var bob = await host.ConnectAsync("/testnamespace");
        var job = ada.CallAsync<Result>("run_job", new { steps = 2 });
        await StepAsync(host);

        await bob.CallAsync("cancel_job");
        await ada.NextAsync("progress");
        await StepAsync(host);

        Assert.Equal(new Result(2, "done"), await job);
        Assert.Empty(host.Errors);
    }

    private static async Task StepAsync(SocketIOTestHost host)
    {
        var step = TimeSpan.FromMilliseconds(400);
        await host.Clock.WaitForTimerAsync(step);
        host.Clock.Advance(step);
    }

    private static Task<SocketIOTestHost> StartAsync(JobLog? log = null) => SocketIOTestHost.StartAsync(
        io =>
        {
            Replies.Map(io.Of("/testnamespace"));
            Jobs.Map(io.Of("/testnamespace"));
        },
        services: services => services.AddSingleton<Job>().AddSingleton<ILogger<Job>>(log ?? new()));

    private sealed record Result(int Steps, string Text);

    private sealed class JobLog : ILogger<Job>
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _line.TrySetResult(formatter(state, exception));
    }
}
