using SocketIOServer.Soak;
using SocketIOServer.Soak.Scenarios;

namespace SocketIOServer.Tests.UnderLoad;

/// <summary>Upgrades while both sides send, in short; ./test soak has the long forms.</summary>
public sealed class UpgradeTests
{
    [Fact]
    public Task Upgrades_through_a_network_of_pieces_and_delays_lose_nothing() =>
        new UpgradeUnderFire { IsOwnProcess = false, Upgrades = 8, Messages = 400, AtOnce = 8, Delay = TimeSpan.FromMilliseconds(5) }.RunAsync(new Figures());

    [Fact]
    public Task A_probe_that_dies_at_any_point_leaves_polling_as_it_was() => new KilledProbes { IsOwnProcess = false, Rounds = 1 }.RunAsync(new Figures());
}
