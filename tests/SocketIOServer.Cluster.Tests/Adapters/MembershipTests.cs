using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Testing;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>Who counts as gone.</summary>
public sealed class MembershipTests : IAsyncDisposable
{
    private readonly InProcessBus _bus = new();
    private readonly List<ClusterNode> _nodes = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task A_process_that_was_stopped_declares_nobody_dead_when_it_goes_on()
    {
        var clock = new JumpingClock();
        var stopped = await StartAsync(clock);
        var other = await StartAsync(new FakeClock());
        clock.Fake.Advance(TimeSpan.FromSeconds(2));

        clock.Jump(TimeSpan.FromSeconds(15));
        clock.Fake.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal([other.Sender], stopped.Members.Others.Select(member => member.Sender));
        // From then on silence counts again.
        clock.Fake.Advance(TimeSpan.FromSeconds(8));
        Assert.Empty(stopped.Members.Others);
    }

    private async Task<ClusterNode> StartAsync(TimeProvider time)
    {
        var node = new ClusterNode(_bus.Connect(), new JsonWire(), new(), time, NullLogger.Instance);
        _nodes.Add(node);
        await node.StartAsync(default);
        return node;
    }

    /// <summary>A clock whose time moves while no timer runs, as for a process that was stopped.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private long _jumped;

        public FakeClock Fake { get; } = new();

        public override long TimestampFrequency => Fake.TimestampFrequency;

        public void Jump(TimeSpan by) => _jumped += by.Ticks;

        public override long GetTimestamp() => Fake.GetTimestamp() + _jumped;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Fake.CreateTimer(callback, state, dueTime, period);
    }
}
