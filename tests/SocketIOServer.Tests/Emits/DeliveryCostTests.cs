using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Emits;

/// <summary>A broadcast is encoded once. For each receiver it is only queued, which allocates nothing.</summary>
public sealed class DeliveryCostTests
{
    [Fact]
    public async Task A_receiver_costs_no_memory()
    {
        await using var host = await TestHost.StartAsync();
        // It has no poll on its way, so what may be dropped is dropped, and nothing is in the queue.
        var client = await PollingClient.JoinAsync(host);
        var server = host.Services.GetRequiredService<SocketServer>();
        var id = (await server.Public.FetchSocketsAsync()).Single().Id;
        var member = server.Root.Context.Adapter.Find(id)!;
        var message = OutgoingMessage.FromText("""2["e"]"""u8);
        member.Deliver(message, isVolatile: true, isForMany: true);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) member.Deliver(message, isVolatile: true, isForMany: true);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
