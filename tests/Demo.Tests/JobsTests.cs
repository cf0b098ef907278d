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

        Assert.Equal("Job cancelled: its client is gone", await log.Line.WaitAsync(host.Patience));
        Assert.Empty(host.Errors);
    }

    private static async Task StepAsync(SocketIOTestHost host)
    {
        var step = TimeSpan.FromMilliseconds(400);
        await host.Clock.WaitForTimerAsync(step);
        host.Clock.Advance(step);
    }

    private static Task<SocketIOTestHost> StartAsync(JobLog? log = null) => SocketIOTestHost.StartAsync(
        io => Jobs.Map(io.Of("/testnamespace")),
        services: services => services.AddSingleton<Job>().AddSingleton<ILogger<Job>>(log ?? new()));

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
