using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SocketIOServer.Cluster.Tests.Adapters;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests;

/// <summary>Whoever can publish on Redis sends what no server sends: each message is refused and counted, none is an error, and the next good one is delivered.</summary>
public sealed class PoisonedBusTests(RedisFixture fixture) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private const string Room = "room1";

    // More than MaxMessageBytes.
    private static readonly byte[] Large = [(byte)'"', .. Enumerable.Repeat((byte)'x', 11 << 20), (byte)'"'];

    private readonly string _prefix = $"test-{Guid.NewGuid():N}";
    private ConnectionMultiplexer _redis = null!;
    private TestHost? _host;
    private Client? _client;
    private bool _isSharded;

    private long Refused
    {
        get
        {
            var options = _host!.Services.GetRequiredService<SocketServer>().Options;
            return options.Cluster!.Poisoned + options.Bridges.Sum(bridge => bridge.Poisoned);
        }
    }

    public async ValueTask InitializeAsync() => _redis = await ConnectionMultiplexer.ConnectAsync(fixture.Redis.Configuration);

    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync();
        if (_host is not null) await _host.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Classic()
    {
        var (own, _) = await StartAsync(RedisWire.Classic);
        var events = $"{_prefix}#/#";

        await PoisonAsync(
            (events, []),
            ($"{events}{Room}#", []),
            ($"{_prefix}-request#/#", Poison.ClassicRequests),
            ($"{_prefix}-response#/#", Poison.ClassicResponses),
            ($"{_prefix}-response#/#{own}#", Poison.ClassicResponses),
            ($"{_prefix}-nodes#", Poison.Nodes));

        // ["u", {"type":2,"data":["good"],"nsp":"/"}, {}]
        await AssertGoodAsync(events, Convert.FromHexString("93a17583a47479706502a46461746191a4676f6f64a36e7370a12f80"));
    }

    [Fact]
    public async Task Sharded()
    {
        var (own, _) = await StartAsync(RedisWire.Sharded);
        var main = $"{_prefix}#/#";
        await fixture.Redis.SubscribedAsync("SHARDNUMSUB", $"{main}{Room}#", 1);

        await PoisonAsync((main, Poison.Sharded), ($"{main}{Room}#", Poison.Sharded), ($"{main}{own}#", Poison.Sharded), ($"{_prefix}-nodes#", Poison.Nodes));

        await AssertGoodAsync(main, """{"type":3,"data":{"packet":{"type":2,"data":["good"]},"opts":{}},"uid":"u","nsp":"/"}"""u8.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Python(bool decodesPickle)
    {
        await StartAsync(RedisWire.Classic, decodesPickle);
        string[] channels = [$"{_prefix}-python", $"{_prefix}-flask"];

        await PoisonAsync([.. channels.Select(channel => (channel, Poison.Python))]);

        foreach (var channel in channels) await AssertGoodAsync(channel, """{"method":"emit","event":"good","data":[]}"""u8.ToArray());
    }

    private async Task<(string Own, TestHost Host)> StartAsync(RedisWire wire, bool decodesPickle = false)
    {
        _host = await TestHost.StartAsync(build: builder => builder.Services.AddSingleton(TimeProvider.System).AddSocketIO()
            .AddRedis(o => (o.Configuration, o.Wire, o.Prefix, _isSharded) = (fixture.Redis.Configuration, wire, _prefix, wire == RedisWire.Sharded))
            .AddPython(o =>
            {
                (o.Configuration, o.Channel, o.DecodePickle) = (fixture.Redis.Configuration, $"{_prefix}-python", decodesPickle);
                o.ListenTo.Clear();
                o.ListenTo.Add($"{_prefix}-flask");
            }));
        _client = await Client.JoinAsync(_host);
        await _host.Io.To(_client.Id).JoinAsync(Room);
        var server = _host.Services.GetRequiredService<SocketServer>();
        // All channels are listened to: a bus subscribes in order.
        await using (var last = server.Options.Cluster!.Bus.Subscribe(new($"last-{Guid.NewGuid():N}"), (_, _) => { })) await last.Ready.WaitAsync(TestHost.Patience);
        await using (var last = server.Options.Bridges[0].Bus.Subscribe(new($"last-{Guid.NewGuid():N}"), (_, _) => { })) await last.Ready.WaitAsync(TestHost.Patience);
        return (server.Options.Cluster.Sender, _host);
    }

    // One after another, so that the name of what was not refused is known. All at once would be more than Redis keeps for a subscriber.
    private async Task PoisonAsync(params (string Channel, (string Name, byte[] Bytes)[] Own)[] channels)
    {
        foreach (var (channel, own) in channels)
        {
            foreach (var (name, bytes) in (IEnumerable<(string, byte[])>)[.. Poison.Everywhere, .. own, ("11 MiB", Large)])
            {
                var before = Refused;
                await PublishAsync(channel, bytes);
                await Eventually.TrueAsync(() => Refused > before, () => $"{channel} has read: {name}");
                Assert.Equal(before + 1, Refused);
            }
        }
    }

    private async Task AssertGoodAsync(string channel, byte[] good)
    {
        await PublishAsync(channel, good);

        Assert.Equal("""42["good"]""", await _client!.ReadAsync());
        Assert.DoesNotContain(_host!.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    private Task<long> PublishAsync(string channel, byte[] bytes) =>
        _redis.GetSubscriber().PublishAsync(_isSharded && !channel.Contains("-python", StringComparison.Ordinal) ? RedisChannel.Sharded(channel) : RedisChannel.Literal(channel), bytes);
}
