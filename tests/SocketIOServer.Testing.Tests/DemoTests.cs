using Demo;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Testing.Tests;

/// <summary>The demo's job with steps, on a clock that stands until it is moved.</summary>
public sealed class DemoTests
{
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(400);

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

    private static Task<SocketIOTestHost> StartAsync() => SocketIOTestHost.StartAsync(
        io => Jobs.Map(io.Of("/testnamespace")), services: services => services.AddSingleton<Job>());

    private static async Task StepAsync(SocketIOTestHost host)
    {
        await host.Clock.WaitForTimerAsync(StepTime);
        host.Clock.Advance(StepTime);
    }

    private sealed record Result(int Steps, string Text);
}
