using SocketIOServer.Adapters;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Tests.Rooms;

/// <summary>The adapter of a single process.</summary>
public sealed class InMemoryAdapterTests() : AdapterContract(new InMemoryAdapter(ContextOf(new(TimeProvider.System))))
{
    [Fact]
    public async Task What_it_broadcasts_counts_for_the_pace()
    {
        var pace = new Pace(TimeProvider.System);
        var context = ContextOf(pace);
        var adapter = new InMemoryAdapter(context);

        await adapter.BroadcastAsync(new EncodedEvent(new(new byte[32 * 1024]), context), Target.Everyone);

        Assert.True(pace.IsBehind);
    }
}
