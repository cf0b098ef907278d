using BenchmarkDotNet.Attributes;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Micro;

/// <summary>What stands between an emit and the network, and between the network and a handler.</summary>
public class QueueBenchmarks
{
    private static readonly byte[] Event = "42[\"nothing\"]"u8.ToArray();
    private static readonly byte[] Waiting = "42[\"wait\"]"u8.ToArray();

    private readonly OutgoingMessage _message = new(new byte[64]);
    private readonly Outbox _outbox = new(1 << 20);
    private TaskCompletionSource _gate = new();
    private MemoryClient _client = null!;

    [GlobalSetup]
    public void Setup() => _client = MemoryClient.Join(Servers.Start(io => io
        .On("nothing", () => { })
        .On("wait", () => _gate.Task)));

    [Benchmark(Description = "outbox: add, take")]
    public bool OutboxOnce()
    {
        _outbox.Add(_message);
        return _outbox.Take(out _) == TakeResult.Taken;
    }

    [Benchmark(OperationsPerInvoke = 16, Description = "outbox: 16 added, then 16 taken")]
    public void OutboxSixteen()
    {
        for (var i = 0; i < 16; i++) _outbox.Add(_message);
        while (_outbox.Take(out _) == TakeResult.Taken) continue;
    }

    [Benchmark(Description = "lane: an event whose handler does nothing")]
    public void LaneInline() => _client.Send(Event);

    [Benchmark(OperationsPerInvoke = 17, Description = "lane: a handler that waits, 16 events behind it")]
    public void LaneBehind()
    {
        _gate = new();
        _client.Send(Waiting);
        for (var i = 0; i < 16; i++) _client.Send(Event);
        _gate.SetResult();
    }
}
