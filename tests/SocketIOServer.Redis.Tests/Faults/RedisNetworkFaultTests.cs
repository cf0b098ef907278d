using System.Net;
using StackExchange.Redis;
using Testkit.Faults;

namespace SocketIOServer.Redis.Tests.Faults;

/// <summary>The way between one server and Redis is cut, reset, or swallows everything.</summary>
public sealed class RedisNetworkFaultTests
{
    [Fact]
    public Task The_network_swallows_everything_and_is_back() => EachAsync((_, proxy) => new(
        "blackhole",
        () =>
        {
            proxy.ToServer.IsBlackhole = proxy.ToClient.IsBlackhole = true;
            foreach (var link in proxy.Links) link.Blackhole();
            return Task.CompletedTask;
        },
        () =>
        {
            proxy.ToServer.IsBlackhole = proxy.ToClient.IsBlackhole = false;
            foreach (var link in proxy.Links) link.Blackhole(isOn: false);
            return Task.CompletedTask;
        })
    { Lasts = Rounds.Take(1.5, 8) });

    [Fact]
    public Task The_connections_are_reset() => EachAsync((_, proxy) => new(
        "reset",
        () =>
        {
            foreach (var link in proxy.Links) link.Reset();
            return Task.CompletedTask;
        },
        () => Task.CompletedTask)
    { IsOfPublisher = true });

    [Fact]
    public Task Redis_ends_the_connections_of_all_subscribers() =>
        EachAsync((redis, _) => new("CLIENT KILL TYPE pubsub", () => redis.ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub"), () => Task.CompletedTask));

    private static async Task EachAsync(Func<RedisServer, FaultProxy, Fault> make)
    {
        for (var i = 0; i < Rounds.Count; i++)
        {
            await using var redis = await RedisServer.StartAsync();
            await using var proxy = new FaultProxy(new($"redis://127.0.0.1:{redis.Port}"));
            await FaultRun.CheckAsync(make(redis, proxy), new ConfigurationOptions { EndPoints = { { IPAddress.Loopback, proxy.Address.Port } } }, redis.Configuration);
        }
    }
}
