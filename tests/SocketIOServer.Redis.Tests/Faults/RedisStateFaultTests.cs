using System.Net;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests.Faults;

/// <summary>Redis loses its keys, has no memory left, becomes a replica, or hands over to one.</summary>
public sealed class RedisStateFaultTests
{
    [Fact]
    public Task All_keys_are_deleted() =>
        EachAsync(redis => new("FLUSHALL", () => redis.ExecuteAsync("FLUSHALL"), () => Task.CompletedTask) { IsHarmless = true });

    [Fact]
    public Task Redis_has_no_memory_left() => EachAsync(redis => new(
        "maxmemory",
        async () =>
        {
            await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
            // It is full indeed.
            await Assert.ThrowsAsync<RedisServerException>(() => redis.ExecuteAsync("SET", "a", "b"));
        },
        () => redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0"))
    { IsHarmless = true, Lasts = Rounds.Take(0.5, 4) });

    [Fact]
    public async Task Redis_becomes_a_replica_that_refuses_writes()
    {
        await using var master = await RedisServer.StartAsync();
        await EachAsync(redis => new(
            "READONLY",
            async () =>
            {
                await redis.ExecuteAsync("REPLICAOF", "127.0.0.1", master.Port);
                Assert.Contains("role:slave", $"{await redis.ExecuteAsync("INFO", "replication")}", StringComparison.Ordinal);
            },
            () => redis.ExecuteAsync("REPLICAOF", "NO", "ONE"))
        { IsHarmless = true, Lasts = Rounds.Take(0.5, 4) });
    }

    [Fact]
    public async Task The_master_dies_and_its_replica_takes_over()
    {
        for (var i = 0; i < Rounds.Count; i++)
        {
            await using var master = await RedisServer.StartAsync();
            await using var replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", $"{master.Port}");
            while (!$"{await replica.ExecuteAsync("INFO", "replication")}".Contains("master_link_status:up", StringComparison.Ordinal)) await Task.Delay(10);
            await FaultRun.CheckAsync(
                new("failover", master.KillAsync, () => replica.ExecuteAsync("REPLICAOF", "NO", "ONE")) { Lasts = Rounds.Take(1, 4) },
                Both(),
                Both());

            ConfigurationOptions Both() => new() { EndPoints = { { IPAddress.Loopback, master.Port }, { IPAddress.Loopback, replica.Port } } };
        }
    }

    private static async Task EachAsync(Func<RedisServer, Fault> make)
    {
        for (var i = 0; i < Rounds.Count; i++)
        {
            await using var redis = await RedisServer.StartAsync();
            await FaultRun.CheckAsync(make(redis), redis.Configuration, redis.Configuration);
        }
    }
}
