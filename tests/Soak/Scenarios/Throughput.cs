using System.Diagnostics;
using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Server;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>A guard against a great loss of speed, not a benchmark: bench/ has those. It fails at 40 % less than the figures below.</summary>
internal sealed class Throughput : Scenario
{
    // What a machine of two cores does at least, its clients included.
    private const double Echoes = 20_000;
    private const double Deliveries = 100_000;
    private const double Margin = 0.6;
    private const int InFlight = 4;

    public override string Name => "throughput";

    public override string? Needs => "a quiet machine: it fails where the speed drops";

    public int Clients { get; init; } = 1_000;

    public TimeSpan For { get; init; } = TimeSpan.FromSeconds(10);

    public override async Task RunAsync(Figures figures)
    {
        await using var target = await Target.StartAsync(TimeSpan.FromSeconds(25), IsOwnProcess);
        var before = IsOwnProcess ? target.ResidentBytes() : 0;
        var peers = new SocketPeer[Clients];
        await EachAsync(Clients, 32, async i =>
        {
            peers[i] = await SocketPeer.JoinAsync(target.Address);
            await peers[i].SendAsync("421[\"join\",\"room\"]");
            await peers[i].ReadUntilAsync("431");
        });

        // Code is compiled and pools are filled by the first ones.
        await EchoAsync(peers, For / 2);
        var (echoes, p99) = await EchoAsync(peers, For);
        var busy = IsOwnProcess ? target.ResidentBytes() - before : 0;
        var deliveries = await BroadcastAsync(peers, For);

        foreach (var peer in peers) await peer.DisposeAsync();
        await target.UntilEmptyAsync();
        figures.Add("acks", $"{echoes:N0} a second to {Clients} clients, one in flight each, p99 {p99.TotalMilliseconds:0} ms");
        figures.Add("memory of each while busy", $"{busy / 1024.0 / Clients:0} KB resident, with what the process as a whole took for the load");
        figures.Add("broadcasts", $"{deliveries:N0} deliveries a second to {Clients} clients, {InFlight} in flight");
        Promise.Holds(echoes >= Echoes * Margin, $"{echoes:N0} acks a second are far below {Echoes:N0}.");
        Promise.Holds(deliveries >= Deliveries * Margin, $"{deliveries:N0} deliveries a second are far below {Deliveries:N0}.");
    }

    private static async Task<(double PerSecond, TimeSpan P99)> EchoAsync(SocketPeer[] peers, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var times = await Task.WhenAll(peers.Select(async peer =>
        {
            var own = new List<long>();
            while (clock.Elapsed < duration)
            {
                var start = Stopwatch.GetTimestamp();
                await peer.SendAsync("425[\"echo\",\"hello\"]");
                await peer.ReadUntilAsync("435");
                own.Add(Stopwatch.GetTimestamp() - start);
            }

            return own;
        }));
        var seconds = clock.Elapsed.TotalSeconds;
        var sorted = times.SelectMany(own => own).Order().ToList();
        return (sorted.Count / seconds, Stopwatch.GetElapsedTime(0, sorted[(int)(sorted.Count * 0.99)]));
    }

    // The first client sends the next when the last receiver has the one of some rounds before.
    private static async Task<double> BroadcastAsync(SocketPeer[] peers, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        long deliveries = 0;
        for (var i = 0; i < InFlight; i++) await peers[0].SendAsync("42[\"say\",\"hello\"]");
        while (clock.Elapsed < duration)
        {
            await Task.WhenAll(peers.Select(peer => peer.ReadUntilAsync("42[\"said\"")));
            deliveries += peers.Length;
            await peers[0].SendAsync("42[\"say\",\"hello\"]");
        }

        return deliveries / clock.Elapsed.TotalSeconds;
    }
}
