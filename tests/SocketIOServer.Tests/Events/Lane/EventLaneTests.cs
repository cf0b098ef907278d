using CsCheck;
using SocketIOServer.Sockets;
using SocketIOServer.Testing;

namespace SocketIOServer.Tests.Events.Lane;

/// <summary>
/// The event lane beside a plain list: handlers begin in order and one at a time, so many are queued and no more, the last runs behind them all,
/// and what is not handled is counted.
/// </summary>
public sealed class EventLaneTests
{
    private const int Cases = 5_000;

    // The handlers of the one socket that all lanes run for belong to the lane that is tried now.
    private static readonly AsyncLocal<RealLane?> Current = new();

    [Fact]
    public async Task It_does_what_a_list_does()
    {
        Socket? socket = null;
        await using var host = await SocketIOTestHost.StartAsync(io =>
        {
            io.OnConnected((ISocket connected) => socket = (Socket)connected);
            io.On(RealLane.Immediate, (int number) => Current.Value!.Begin($"{number}", waits: false));
            io.On(RealLane.Waiting, (int number) => Current.Value!.Begin($"{number}", waits: true));
        });
        await using var client = await host.ConnectAsync();
        // Else the test framework's would run what a handler goes on with.
        SynchronizationContext.SetSynchronizationContext(null);

        Seeds.Try(Cases, (seed, cases) => Initial(socket!).SampleModelBased(
            [Post, Open, EndHandler, Shut, RunLast], equal: SameState, seed: seed, iter: cases, threads: 1));
    }

    private static Gen<(RealLane, ListLane)> Initial(Socket socket) => Gen.Select(Gen.Int[1, 4], Gen.Bool, (maxQueued, isOpen) =>
    {
        var (real, list) = (new RealLane(socket, maxQueued), new ListLane(maxQueued));
        Current.Value = real;
        if (isOpen)
        {
            real.Open();
            list.Open();
        }

        return (real, list);
    });

    private static GenOperation<RealLane, ListLane> Post =>
        Gen.Select(Gen.Int[20, 40], Gen.Bool).Operation<RealLane, ListLane>(
            static ((int Bytes, bool Waits) one) => $"Post({one.Bytes}{(one.Waits ? ", waits" : "")})",
            static (RealLane real, (int Bytes, bool Waits) one) => real.Post(one.Bytes, one.Waits),
            static (ListLane list, (int Bytes, bool Waits) one) => list.Post(one.Bytes, one.Waits));

    private static GenOperation<RealLane, ListLane> Open =>
        Gen.Operation<RealLane, ListLane>("Open", static real => real.Open(), static list => list.Open());

    private static GenOperation<RealLane, ListLane> EndHandler =>
        Gen.Operation<RealLane, ListLane>("EndHandler", static real => real.EndHandler(), static list => list.EndHandler());

    private static GenOperation<RealLane, ListLane> Shut =>
        Gen.Operation<RealLane, ListLane>("Shut", static real => real.Shut(), static list => list.Shut());

    private static GenOperation<RealLane, ListLane> RunLast =>
        Gen.Bool.Operation<RealLane, ListLane>(
            static waits => waits ? "RunLast(waits)" : "RunLast",
            static (real, waits) => real.RunLast(waits),
            static (list, waits) => list.RunLast(waits));

    private static bool SameState(RealLane real, ListLane list) => real.ToString() == list.ToString();
}
