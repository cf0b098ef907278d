using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Redis.Tests;

/// <summary>What every bus has to pass, over a real Redis: two servers, one form of messages a class.</summary>
public abstract class RedisContract(RedisFixture fixture) : AdapterContract, IClassFixture<RedisFixture>
{
    /// <summary>Tests of one class share a Redis.</summary>
    private protected string Prefix { get; } = $"test-{Guid.NewGuid():N}";

    protected override int ServerCount => 2;

    private protected abstract bool IsSharded { get; }

    protected override IClusterBus Connect() =>
        new RedisBus(new() { Configuration = fixture.Redis.Configuration, IsSharded = IsSharded }, TimeProvider.System, NullLogger.Instance);

    protected override async Task SettleAsync()
    {
        await SubscribedAsync();
        // An answer comes behind whatever its server was told before.
        foreach (var server in Servers) await server.Io.CountAsync();
        await SubscribedAsync();
    }

    // A bus subscribes in order.
    private async Task SubscribedAsync()
    {
        foreach (var server in Servers)
        {
            await using var last = server.Bus.Subscribe(new($"last-{Guid.NewGuid():N}"), (_, _) => { });
            await last.Ready.WaitAsync(TestHost.Patience);
        }
    }
}
