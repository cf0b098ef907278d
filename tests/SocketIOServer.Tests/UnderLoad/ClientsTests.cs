using SocketIOServer.Soak;
using SocketIOServer.Soak.Scenarios;

namespace SocketIOServer.Tests.UnderLoad;

/// <summary>Clients that misbehave, vanish or are many, in short; ./test soak has the long forms.</summary>
public sealed class ClientsTests
{
    [Fact]
    public Task Requests_at_once_and_requests_that_are_reset_lose_and_double_nothing() =>
        new PollRaces { IsOwnProcess = false, Rounds = 6, Resets = 4 }.RunAsync(new Figures());

    [Fact]
    public Task Members_of_a_room_that_do_not_read_are_closed_and_the_others_receive_all() =>
        new SlowConsumers { IsOwnProcess = false, Clients = 12, Stalled = 2, Messages = 4_000, Bytes = 4_000, Burst = 100 }.RunAsync(new Figures());

    [Fact]
    public Task Clients_that_come_and_go_in_every_way_leave_nothing() => new Churn { IsOwnProcess = false, Clients = 100 }.RunAsync(new Figures());

    [Fact]
    public Task Connect_packets_as_nobody_should_send_them_leave_nothing() => new Storm { IsOwnProcess = false, Clients = 20 }.RunAsync(new Figures());

    [Fact]
    public Task Idle_clients_stay_and_are_gone_when_they_are_reset() => new Idle { IsOwnProcess = false, Clients = 100, Hold = TimeSpan.FromSeconds(25) }.RunAsync(new Figures());
}
