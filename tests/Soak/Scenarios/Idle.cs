using System.Diagnostics;
using System.Net;
using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Server;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>Very many clients that do nothing, from several addresses. None is dropped; they cost little; and when all are reset at once, all are gone soon.</summary>
internal sealed class Idle : Scenario
{
    private const int WarmUp = 500;
    private const int Addresses = 4;
    private const int AtOnce = 64;

    // Of fewer, what they cost together is no more than what the process takes and gives back by itself.
    private const int Judged = 2_000;

    public override string Name => "idle";

    public int Clients { get; init; } = 10_000;

    /// <summary>How long they stay, two pings at least.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(25);

    public override async Task RunAsync(Figures figures)
    {
        await using var target = await Target.StartAsync(Ping, IsOwnProcess, hasOwnTime: !IsOwnProcess);
        await OpenAsync(target, Math.Min(WarmUp, Clients));
        var before = await target.LookAsync();

        var clock = Stopwatch.StartNew();
        var (peers, reads) = await OpenAsync(target, Clients);
        var connected = clock.Elapsed;
        var open = await target.LookAsync();
        await target.PassAsync(Hold);
        while (peers.Any(peer => peer.Pings == 0) && clock.Elapsed < Hold + Limits.Patience) await Task.Delay(5);
        var held = await target.LookAsync();
        Promise.Holds(reads.All(read => !read.IsCompleted), $"{reads.Count(read => read.IsCompleted)} connections ended.");
        Promise.Equal(before.Sockets + Clients, held.Sockets, "sockets");
        Promise.Holds(peers.All(peer => peer.Pings > 0), "Some clients got no ping.");

        clock.Restart();
        foreach (var peer in peers) peer.Reset();
        await target.UntilAsync(state => state.Sessions <= before.Sessions, "sessions of clients that were reset are left");
        var gone = clock.Elapsed;

        var each = (held.Resident - before.Resident) / Clients;
        var cpu = (held.CpuSeconds - open.CpuSeconds) / (held.Now - open.Now).TotalSeconds;
        figures.Add("idle clients", $"{Clients} from {Addresses} addresses, connected in {connected.TotalSeconds:0.0} s");
        figures.Add("memory of each", $"{each / 1024.0:0.0} KB resident, {(held.Heap - before.Heap) / Clients / 1024.0:0.0} KB of it managed");
        figures.Add("held", $"{Hold.TotalSeconds:0} s with pings every {Ping.TotalSeconds:0} s, none dropped");
        figures.Add("CPU meanwhile", $"{cpu * 100:0.0} % of one core");
        figures.Add("all reset at once", $"gone after {gone.TotalSeconds:0.0} s");
        if (!IsOwnProcess || Clients < Judged) return;
        Promise.Holds(each <= 30 * 1024, $"Each costs {each} bytes.");
        Promise.Holds(cpu <= 0.10, $"Idle CPU is {cpu * 100:0.0} %.");
        Promise.Holds(gone <= TimeSpan.FromSeconds(5), $"They were gone after {gone.TotalSeconds:0.0} s.");
    }

    private static async Task<(SocketPeer[] Peers, Task[] Reads)> OpenAsync(Target target, int count)
    {
        var peers = new SocketPeer[count];
        var reads = new Task[count];
        await EachAsync(count, AtOnce, async i =>
        {
            peers[i] = await SocketPeer.JoinAsync(target.Address, new IPAddress([127, 0, 0, (byte)(2 + i % Addresses)]));
            reads[i] = peers[i].ReadToEndAsync();
        });
        return (peers, reads);
    }
}
