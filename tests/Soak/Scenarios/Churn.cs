using System.Diagnostics;
using System.Net;
using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Server;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>Clients come and go in every way there is. Afterwards nothing of them is left, and memory is where it was.</summary>
internal sealed class Churn : Scenario
{
    private const int Parts = 5;
    private const long Growth = 5 << 20;

    public override string Name => "churn";

    public int Clients { get; init; } = 50_000;

    public int AtOnce { get; init; } = 32;

    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(1);

    public override async Task RunAsync(Figures figures)
    {
        await using var target = await Target.StartAsync(Ping, IsOwnProcess, hasOwnTime: !IsOwnProcess);
        var clock = Stopwatch.StartNew();
        ServerState? first = null;
        ServerState last = null!;
        for (var part = 0; part < Parts; part++)
        {
            await EachAsync(Clients / Parts, AtOnce, i => LiveAsync(target, i));
            last = await target.UntilEmptyAsync();
            // Code is compiled and pools are filled by the first ones.
            first ??= last;
        }

        figures.Add("clients that came and went", $"{last.Connected} sockets of {Clients / Parts * Parts} clients in {clock.Elapsed.TotalSeconds:0} s");
        figures.Add("ends", $"{string.Join(", ", last.Left.Select(entry => $"{entry.Value} {entry.Key}"))}");
        figures.Add("heap after a collection", $"{first!.Heap / 1024} KB after a fifth of them, {last.Heap / 1024} KB after all");
        figures.Add("resident memory", $"{Megabytes(first.Resident)} MB after a fifth, {Megabytes(last.Resident)} MB after all");
        figures.Add("open files", $"{first.Files} after a fifth, {last.Files} after all; timers {first.Timers} and {last.Timers}");
        if (!IsOwnProcess) return;
        Promise.Holds(last.Heap - first.Heap <= Growth, $"The heap grew from {first.Heap} to {last.Heap} bytes.");
        Promise.Holds(last.Files - first.Files <= 64, $"There are {last.Files} files open, {first.Files} were.");
        Promise.Holds(last.Timers - first.Timers <= 10, $"There are {last.Timers} timers, {first.Timers} were.");
    }

    private static async Task LiveAsync(Target target, int number)
    {
        // Connections that were closed keep their port for a minute: several addresses have enough of them.
        var from = new IPAddress([127, 0, 0, (byte)(2 + number % 8)]);
        switch (number % 5)
        {
            case 0:
                // Never polls again.
                await PollingPeer.JoinAsync(target.Http);
                break;
            case 1:
                await using (await SocketPeer.JoinAsync(target.Address, from))
                {
                }

                break;
            case 2:
                (await SocketPeer.JoinAsync(target.Address, from)).Reset();
                break;
            case 3:
                var polling = await PollingPeer.JoinAsync(target.Http);
                await using (var probe = await SocketPeer.OpenAsync(target.Address, polling.Sid, from))
                {
                    await probe.SendAsync("2probe");
                    await probe.ReadUntilAsync("3probe");
                }

                break;
            default:
                await using (var peer = await SocketPeer.JoinAsync(target.Address, from))
                {
                    await peer.SendAsync("40/other,");
                    await peer.ReadUntilAsync("40/other,");
                    await peer.SendAsync("41/other,");
                    await peer.SendAsync("41");
                }

                break;
        }
    }
}
