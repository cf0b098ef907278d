using CsCheck;

namespace SocketIOServer.EngineIO.Tests.Models;

/// <summary>The promise of in many orders of events: nothing is lost, doubled or reordered on the way from polling to WebSocket.</summary>
public sealed class UpgradeTests : EngineTests
{
    private const int Cases = 50;
    private const int Shrinks = 200;
    private const int Longest = 16;

    // An end is rare, or most cases would be short.
    private static readonly Gen<UpgradeStep[]> Steps = Gen.Frequency(
        (4, Gen.Const(UpgradeStep.Send)),
        (3, Gen.Const(UpgradeStep.Poll)),
        (2, Gen.Const(UpgradeStep.Post)),
        (3, Gen.Const(UpgradeStep.Probe)),
        (1, Gen.Const(UpgradeStep.Lose)),
        (3, Gen.Const(UpgradeStep.Five)),
        (2, Gen.Const(UpgradeStep.Write)),
        (1, Gen.Const(UpgradeStep.Close))).Array[0, Longest];

    [Fact]
    public async Task Nothing_is_lost_doubled_or_reordered()
    {
        var host = Keep(await EngineHost.StartAsync(
            // The clock only runs here so that polls that came during a probe end.
            options => (options.PingInterval, options.UpgradeTimeout, options.CloseTimeout) = (TimeSpan.FromDays(1), TimeSpan.FromDays(1), TimeSpan.FromDays(1)),
            onMessage: (_, _) => default));
        using var clock = new Timer(_ => host.Time.Advance(TimeSpan.FromMilliseconds(100)), null, 5, 5);

        await Seeds.TryAsync(Cases, Shrinks, (seed, cases) => Steps.SampleAsync(steps => RunAsync(host, steps), seed: seed, iter: cases, threads: 1));
    }

    private static async Task RunAsync(EngineHost host, UpgradeStep[] steps)
    {
        await using var run = new UpgradeRun(host);

        await run.RunAsync(steps);

        Assert.Equal(run.ToClient.Sent, run.ToClient.Received);
        Assert.Equal(run.ToServer.Sent, run.ToServer.Received);
    }
}
