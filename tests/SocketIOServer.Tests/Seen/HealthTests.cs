using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SocketIOServer.Tests.Seen;

public sealed class HealthTests
{
    [Fact]
    public async Task A_server_with_room_is_healthy_and_tells_how_many_it_serves()
    {
        await using var host = await StartAsync();
        await PollingClient.ConnectAsync(host);

        var entry = await CheckAsync(host);

        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal(new Dictionary<string, object> { ["sessions"] = 1, ["maxSessions"] = 2 }, entry.Data);
    }

    [Fact]
    public async Task A_server_that_is_full_is_degraded_until_one_leaves()
    {
        await using var host = await StartAsync();
        await PollingClient.ConnectAsync(host);
        var last = await PollingClient.ConnectAsync(host);

        var full = await CheckAsync(host);
        await last.PostAsync("1");
        await last.PollAsync();

        Assert.Equal(HealthStatus.Degraded, full.Status);
        Assert.Equal(2, full.Data["sessions"]);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
    }

    [Fact]
    public async Task A_server_that_stops_is_unhealthy()
    {
        await using var host = await StartAsync();

        await host.StopAsync();

        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(host)).Status);
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(
        options: options => options.MaxSessions = 2,
        build: builder => builder.Services.AddHealthChecks().AddSocketIO());

    private static async Task<HealthReportEntry> CheckAsync(TestHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["socketio"];
}
