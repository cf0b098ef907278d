using SocketIOServer.Adapters;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Tests.Rooms;

/// <summary>The adapter of a single process.</summary>
public sealed class InMemoryAdapterTests() : AdapterContract(new InMemoryAdapter(ContextOf(new(TimeProvider.System))))
{
    [Fact]
    public async Task Broadcasts_count_for_back_pressure()
    {
        var backpressure = new BroadcastBackpressure(TimeProvider.System);
        var context = ContextOf(backpressure);
        var adapter = new InMemoryAdapter(context);

        await adapter.BroadcastAsync(new EncodedEvent(new(new byte[32 * 1024]), context), Target.Everyone);

        Assert.True(backpressure.IsHolding);
    }
}
