using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Cluster;

namespace SocketIOServer.Redis.Tests;

/// <summary>What every bus has to pass, over streams of a real Redis: two servers.</summary>
public abstract class StreamsContract(RedisFixture fixture) : RedisContract(fixture)
{
    private readonly RedisFixture _fixture = fixture;
    private readonly List<StreamLog> _logs = [];

    protected virtual int StreamCount => 1;

    protected virtual bool DeliversInOrder => false;

    private protected override bool IsSharded => false;

    protected override ClusterWire CreateWire() => new StreamsWire(Prefix);

    protected override IClusterLog CreateLog()
    {
        var options = new RedisStreamsOptions { StreamName = Prefix, StreamCount = StreamCount, DeliversInOrder = DeliversInOrder };
        _logs.Add(new(_fixture.Redis.Configuration, options, TimeProvider.System, NullLogger.Instance));
        return _logs[^1];
    }

    protected override async Task SettleAsync()
    {
        await _logs.ReadAllAsync(_fixture.Redis, new StreamNames(Prefix, StreamCount).All);
        await base.SettleAsync();
    }
}
