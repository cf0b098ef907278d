using Chat;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster;

namespace Demo.Tests;

public sealed class RandomFeedTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Who_comes_gets_the_latest_draw_at_once()
    {
        await using var host = await StartAsync();
        await using var ann = await host.ConnectAsync("/test_conn");
        await using var bob = await host.ConnectAsync("/test_conn");

        var (first, same) = (await DrawAsync(ann), await DrawAsync(bob));

        Assert.Equal(10, first.Length);
        Assert.All(first, number => Assert.InRange(number, 1, 100));
        Assert.Equal(first, same);
    }

    [Fact]
    public async Task Every_five_seconds_all_get_the_next_draw()
    {
        await using var host = await StartAsync();
        await using var ann = await host.ConnectAsync("/test_conn");
        await using var bob = await host.ConnectAsync("/test_conn");
        await DrawAsync(ann);
        await DrawAsync(bob);

        for (var draw = 0; draw < 2; draw++)
        {
            await host.Clock.WaitForTimerAsync(Interval);
            host.Clock.Advance(Interval);

            Assert.Equal(await DrawAsync(ann), await DrawAsync(bob));
        }

        Assert.Equal((3, 3), (ann.Received.Count, bob.Received.Count));
    }

    // A loop a server would draw once for each of them, and every page would see all draws.
    [Fact]
    public async Task One_server_of_a_cluster_draws_for_all()
    {
        var bus = new InProcessBus();
        await using var first = await StartAsync(bus.Connect());
        await using var second = await StartAsync(bus.Connect());
        await using var ann = await first.ConnectAsync("/test_conn");
        await using var bob = await second.ConnectAsync("/test_conn");
        await DrawAsync(ann);
        await DrawAsync(bob);

        foreach (var host in (SocketIOTestHost[])[first, second])
        {
            await host.Clock.WaitForTimerAsync(Interval);
            host.Clock.Advance(Interval);
        }

        Assert.Equal(await DrawAsync(ann), await DrawAsync(bob));
        foreach (var client in (SocketIOTestClient[])[ann, bob]) await client.CallAsync("which_node");
        Assert.Equal((2, 2), (ann.Received.Count, bob.Received.Count));
    }

    private static async Task<int[]> DrawAsync(SocketIOTestClient client) => (await client.NextAsync<Draw>("server_response")).Data;

    private static Task<SocketIOTestHost> StartAsync(IClusterBus? bus = null) => SocketIOTestHost.StartAsync(
        io =>
        {
            RandomFeed.Map(io);
            NodeName.Map(io.Of("/test_conn"));
        },
        services: services =>
        {
            services.AddSingleton<RandomFeed>().AddHostedService(all => all.GetRequiredService<RandomFeed>()).AddSingleton(new ClusterSettings());
            if (bus is not null) services.AddSocketIO().AddClusterBus(_ => bus);
        });

    private sealed record Draw(int[] Data);
}
