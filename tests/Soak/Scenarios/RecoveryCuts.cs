using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Recovery;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>
/// Four emitters, and a client whose connection breaks after every k-th event, for each k: it gets its session back each time and has every event once, in the
/// order of each emitter, with offsets that rise.
/// </summary>
internal sealed class RecoveryCuts : Scenario
{
    private const int Emitters = 4;

    // How far the emitters are before the client at most, so that cuts happen while they emit.
    private const int Ahead = 100;

    public override string Name => Ground == Ground.One ? "recovery-cuts" : "recovery-cuts-" + Ground.ToString().ToLowerInvariant();

    public override string? Needs => Ground is Ground.Redis or Ground.Streams ? "a quiet machine: where Redis or a server answers late, a session is refused, and the scenario fails" : null;

    public Ground Ground { get; init; }

    /// <summary>The values of k.</summary>
    public IEnumerable<int> Every { get; init; } = Enumerable.Range(1, 200);

    /// <summary>At least so many events, and so many cuts.</summary>
    public int Events { get; init; } = 1_000;

    public int Cuts { get; init; } = 20;

    public override async Task RunAsync(Figures figures)
    {
        using var results = new RecoveryResults();
        await using var servers = await RecoveryServers.StartAsync(Ground);
        var (events, cuts, ks) = (0, 0, 0);
        foreach (var k in Every)
        {
            var (ledger, cutsNow) = await RunAsync(servers, results, k);
            Promise.Holds(ledger is { Gaps: 0, Doubles: 0, Fallen: 0 }, $"Cut after every {k}. event: {ledger}.");
            (events, cuts, ks) = (events + ledger.Events, cuts + cutsNow, ks + 1);
        }

        servers.AssertCalm();
        figures.Add("servers, emitters", $"{servers.Servers.Count}, {Emitters}");
        figures.Add("cut after every k-th event", $"k = {Every.First()} to {Every.Last()}, {ks} values");
        figures.Add("events, cuts", $"{events:N0}, {cuts:N0}");
        figures.Add("recovered", $"{cuts:N0}");
        figures.Add("gaps, doubles, offsets that fell", $"0, 0, 0");
    }

    private async Task<(Ledger Ledger, int Cuts)> RunAsync(RecoveryServers servers, RecoveryResults results, int k)
    {
        var total = Math.Max(Events, k * Cuts) / Emitters * Emitters;
        await using var client = new RecoveringPeer();
        await client.ConnectAsync(servers.Addresses[0]);
        await client.JoinAsync("room");
        var ledger = new Ledger();
        using var ended = new CancellationTokenSource();
        var emitting = Enumerable.Range(0, Emitters).Select(emitter => Task.Run(() => EmitAsync(servers, client.Sid, emitter, total / Emitters, ledger, ended.Token))).ToArray();
        var (at, cuts) = (0, 0);
        try
        {
            while (ledger.Events < total)
            {
                ledger.Add(await client.ReadAsync() ?? throw new BrokenPromiseException($"The server has ended the connection; k is {k}, {ledger.Events} events came."));
                if (ledger.Gaps + ledger.Doubles > 0 || ledger.Events % k != 0) continue;
                at = await CutAsync(servers, client, at, cuts++);
                Promise.Holds(client.IsRecovered, $"A client did not get its session back; k is {k}, {ledger.Events} events came; {results}; {servers.Warnings}");
            }
        }
        finally
        {
            await ended.CancelAsync();
        }

        await Task.WhenAll(emitting);
        await client.LeaveAsync();
        return (ledger, cuts);
    }

    // The server may notice before the client is back, or later, or the old connection seems open until then. It comes back to this server too.
    private static async Task<int> CutAsync(RecoveryServers servers, RecoveringPeer client, int at, int cut)
    {
        var next = (at + (cut % servers.Addresses.Count)) % servers.Addresses.Count;
        if (cut % 3 != 2) client.Cut();
        if (cut % 3 == 1) await servers.GoneAsync(at, client.Sid);
        if (await client.ConnectAsync(servers.Addresses[next]) is { } before) await before.DisposeAsync();
        return next;
    }

    private static async Task EmitAsync(RecoveryServers servers, string id, int emitter, int count, Ledger ledger, CancellationToken ended)
    {
        var io = servers.Servers[emitter % servers.Servers.Count];
        var source = $"emitter {emitter}";
        for (var i = 0; i < count && !ended.IsCancellationRequested; i++)
        {
            while ((i * Emitters) - ledger.Events > Ahead && !ended.IsCancellationRequested) await Task.Delay(1, CancellationToken.None);
            if (i % 3 == 0) await io.EmitAsync("n", source, i);
            else if (i % 3 == 1) await io.To("room").EmitAsync("n", source, i);
            else await io.To(id).EmitAsync("n", source, i);
            if (i % 10 == 0) await Task.Yield();
        }
    }
}
