using Microsoft.Extensions.DependencyInjection;

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

    private static async Task<int[]> DrawAsync(SocketIOTestClient client) => (await client.NextAsync<Draw>("server_response")).Data;

    private static Task<SocketIOTestHost> StartAsync() => SocketIOTestHost.StartAsync(
        RandomFeed.Map,
        services: services => services.AddSingleton<RandomFeed>().AddHostedService(all => all.GetRequiredService<RandomFeed>()));

    private sealed record Draw(int[] Data);
}
