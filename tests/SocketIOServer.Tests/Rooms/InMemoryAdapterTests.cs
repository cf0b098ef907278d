using SocketIOServer.Adapters;
using SocketIOServer.EngineIO;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Tests.Rooms;

/// <summary>The adapter of a single process.</summary>
public sealed class InMemoryAdapterTests() : AdapterContract(new InMemoryAdapter(new(TimeProvider.System)))
{
    [Fact]
    public async Task What_it_broadcasts_counts_for_the_pace()
    {
        var pace = new Pace(TimeProvider.System);
        var adapter = new InMemoryAdapter(pace);

        await adapter.BroadcastAsync(new OutgoingMessage(new byte[32 * 1024]), Target.Everyone);

        Assert.True(pace.IsBehind);
    }
}
