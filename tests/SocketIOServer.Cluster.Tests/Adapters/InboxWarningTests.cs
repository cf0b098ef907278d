using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SocketIOServer.Inboxes;
using SocketIOServer.Testing;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>What a server of a cluster says at its start about inboxes that the other servers do not have.</summary>
public sealed class InboxWarningTests
{
    private const int NotShared = 135;

    private readonly InProcessBus _bus = new();

    [Fact]
    public async Task Inboxes_in_the_memory_of_one_server_are_told()
    {
        await using var server = await Server.StartAsync(_bus.Connect(), options: o => o.Inbox = new());

        Assert.Single(server.Host.Log.Lines, line => line.Id.Id == NotShared && line.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task Inboxes_in_a_store_and_those_of_a_server_without_a_cluster_are_not()
    {
        using var store = new InMemoryInboxStore(1 << 20, new FakeClock());
        await using var shared = await Server.StartAsync(_bus.Connect(), options: o => o.Inbox = new(), builder: builder => builder.Services.AddSingleton<IInboxStore>(store));
        await using var alone = await Server.StartAsync(null, options: o => o.Inbox = new());

        Assert.DoesNotContain(shared.Host.Log.Lines.Concat(alone.Host.Log.Lines), line => line.Id.Id == NotShared);
    }
}
