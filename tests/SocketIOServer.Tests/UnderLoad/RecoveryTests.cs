using SocketIOServer.Soak;
using SocketIOServer.Soak.Recovery;
using SocketIOServer.Soak.Scenarios;

namespace SocketIOServer.Tests.UnderLoad;

/// <summary>Clients that are cut again and again, in short; ./test soak has the long forms.</summary>
public sealed class RecoveryTests
{
    [Theory]
    [InlineData(Ground.One)]
    [InlineData(Ground.Bus)]
    internal Task Clients_that_are_cut_after_every_kth_event_have_each_event_once(Ground ground) =>
        new RecoveryCuts { Ground = ground, Every = [1, 4, 30, 111], Events = 60, Cuts = 2 }.RunAsync(new Figures());

    [Theory]
    [InlineData(Ground.One)]
    [InlineData(Ground.Bus)]
    internal Task Clients_that_are_cut_at_random_have_each_event_once(Ground ground) =>
        new RecoveryClients { Ground = ground, Clients = 10, Duration = TimeSpan.FromSeconds(2), MaxAway = TimeSpan.FromMilliseconds(300) }.RunAsync(new Figures());

    [Fact]
    public Task Sessions_of_a_flood_of_clients_take_no_more_memory_than_is_allowed() =>
        new RecoveryFlood { IsOwnProcess = false, Connections = 200, AtOnce = 8, MaxTotalBytes = 100_000 }.RunAsync(new Figures());
}
