using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Redis.Tests.Faults;

/// <summary>A client is away while Redis is killed and started again. It gets its session back exactly if it has missed nothing.</summary>
public sealed class LostEventTests : IAsyncLifetime
{
    private readonly List<Server> _servers = [];
    private RedisServer _redis = null!;
    private RecoveringClient? _client;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        for (var i = 0; i < 2; i++)
        {
            var host = await TestHost.StartAsync(
                io => io.On("unused", () => { }),
                options => (options.Recovery, options.PingInterval) = (new(), TimeSpan.FromHours(1)),
                builder => builder.Services.AddSingleton(TimeProvider.System).AddSocketIO().AddRedis(o => (o.Configuration, o.ProbeInterval) = (_redis.Configuration, Rounds.ProbeInterval)));
            _servers.Add(new(host, null));
        }

        await Eventually.TrueAsync(() => _servers.TrueForAll(server => server.Io.Cluster.Nodes.Count == 2), "the servers know each other");
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_is_recovered_if_nothing_was_lost(bool isLost)
    {
        _client = await new RecoveringClient(_servers[0].Host).ConnectAsync();
        await _servers[0].Io.EmitAsync("before");
        await _client.ReadAsync();
        _client.Cut();
        await Eventually.TrueAsync(() => _servers[0].Io.Of("/").FindSocket(_client.Sid) is null, "the server has noticed");

        await _redis.KillAsync();
        await Eventually.TrueAsync(() => _servers.TrueForAll(server => server.Io.Cluster.State != BusState.Alive), "the buses have noticed");
        if (isLost) await _servers[1].Io.EmitAsync("lost");
        await _servers[0].Io.EmitAsync("local");
        await _redis.RunAsync();
        await Eventually.TrueAsync(() => _servers.TrueForAll(server => server.Io.Cluster.State == BusState.Alive && !server.Node.Losses.IsInDoubt), "the buses are back");

        await _client.ConnectAsync();

        Assert.Equal(!isLost, _client.Recovered);
        if (!isLost) Assert.Equal("""["local"]""", await _client.ReadAsync());
    }
}
