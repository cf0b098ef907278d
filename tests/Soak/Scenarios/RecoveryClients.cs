using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Recovery;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>
/// Many clients whose connections break at random, and which are back up to ten seconds later: each gets its session back and has every event once. Meanwhile
/// others try secrets that were used. A client that has missed more than is kept is told so.
/// </summary>
internal sealed class RecoveryClients : Scenario
{
    private const int Overflows = 20;
    private const int Kept = 1_000;

    public override string Name => Ground == Ground.One ? "recovery-clients" : "recovery-clients-" + Ground.ToString().ToLowerInvariant();

    public override string? Needs => Ground switch
    {
        Ground.One or Ground.Bus => null,
        Ground.Node => "Node.js with the packages of tests/Cluster, and a quiet machine: where Redis or a server answers late, sessions are refused, openly",
        _ => "a quiet machine: where Redis or a server answers late, sessions are refused, openly",
    };

    public Ground Ground { get; init; }

    public int Clients { get; init; } = 500;

    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan MaxAway { get; init; } = TimeSpan.FromSeconds(10);

    public override async Task RunAsync(Figures figures)
    {
        using var results = new RecoveryResults();
        await using var servers = await RecoveryServers.StartAsync(Ground);
        await using var traffic = new RecoveryTraffic(servers);
        var all = Enumerable.Range(0, Clients).Select(i => new Traveller(servers, traffic, i, MaxAway)).ToList();
        await EachAsync(Clients, atOnce: 20, i => all[i].JoinAsync());
        using var ending = new CancellationTokenSource();
        traffic.Start();
        var running = all.Select(client => client.RunAsync(ending.Token)).ToList();
        var replays = ReplayAsync(servers, results, ending.Token);
        // Ends early if one of them fails.
        await Task.WhenAny([Task.Delay(Duration), .. running, replays]);
        await ending.CancelAsync();
        await traffic.EndAsync();
        await Task.WhenAny(Task.WhenAll(running), Task.Delay(Limits.Patience));
        for (var i = 0; i < Clients; i++) Promise.Holds(running[i].IsCompletedSuccessfully, $"{all[i]}; {results}; {running[i].Exception}; {replays.Exception}; {servers.Warnings}");
        foreach (var client in all) await client.DisposeAsync();

        var (ours, fromNode, atNode) = (Stays.Sum(all.Select(client => client.Ours)), Stays.Sum(all.Select(client => client.FromNode)), Stays.Sum(all.Select(client => client.AtNode)));
        figures.Add("servers", $"{servers.Addresses.Count}");
        figures.Add("clients, events received", $"{Clients}, {all.Sum(client => (long)client.Events):N0}");
        figures.Add("back", $"{ours}");
        if (Ground == Ground.Node)
        {
            figures.Add("back from Node's server", $"{fromNode}");
            figures.Add("at Node's server (its own doing)", $"{atNode}");
            figures.Add("events that clients lack because of the offset that Node's server gave them, and that come again", $"{all.Sum(client => client.LostAtNode)}, {all.Sum(client => client.AgainAfterNode)}");
        }

        figures.Add("results of all returns to servers of ours, as the metrics say", $"{results}");
        figures.Add("used secrets that were tried and refused", $"{await replays}");
        if (servers.Warnings.Length > 0) figures.Add("warnings in the log", $"{servers.Warnings}");
        servers.AssertCalm();
        // Servers that did not hear each other for a while refuse sessions, openly. On a machine that is too busy this happens.
        if (servers.Warnings.Length == 0 && !results.HasDoubts) Promise.Equal(ours.Returns, ours.Recovered, "clients that got their session back");
        Promise.Holds(ours is { Gaps: 0, Doubles: 0, Fallen: 0 }, $"{ours}");
        Promise.Holds(fromNode is { Gaps: 0, Doubles: 0, Fallen: 0 }, $"back from Node's server: {fromNode}");
        if (Ground == Ground.Node) Promise.Holds(fromNode.Recovered > 0 && atNode.Recovered > 0, "Sessions move between servers of both kinds.");
        if (Ground is not (Ground.One or Ground.Bus or Ground.Redis)) return;
        await OverflowAsync();
        figures.Add("clients that missed more than is kept and were told so", $"{Overflows} of {Overflows}");
    }

    // A client that has its session back leaves for good. Then its secret is worth nothing.
    private static async Task<int> ReplayAsync(RecoveryServers servers, RecoveryResults results, CancellationToken ending)
    {
        var count = 0;
        for (; count == 0 || !ending.IsCancellationRequested; count++)
        {
            await using var client = new RecoveringPeer();
            var at = count % servers.Servers.Count;
            await client.ConnectAsync(servers.Addresses[at]);
            client.Cut();
            await client.ConnectAsync(servers.Addresses[at]);
            Promise.Holds(client.IsRecovered || servers.Warnings.Length > 0 || results.HasDoubts, "The owner of a secret is recovered.");
            await client.LeaveAsync();
            await using var thief = new RecoveringPeer { Pid = client.Pid, Offset = client.Offset };
            await thief.ConnectAsync(servers.Addresses[Random.Shared.Next(servers.Servers.Count)]);
            Promise.Holds(!thief.IsRecovered && thief.Sid != client.Sid, "A secret that was used is worth nothing.");
            await Task.Delay(500, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return count;
    }

    private async Task OverflowAsync()
    {
        await using var servers = await RecoveryServers.StartAsync(Ground, recovery => recovery.MaxMessages = Kept);
        for (var i = 0; i < Overflows; i++)
        {
            await using var client = new RecoveringPeer();
            var at = i % servers.Servers.Count;
            await client.ConnectAsync(servers.Addresses[at]);
            client.Cut();
            await servers.GoneAsync(at, client.Sid);
            for (var missed = 0; missed <= Kept; missed++) await servers.Servers[at].EmitAsync("n", "missed", missed);
            at = (at + i % 2) % servers.Servers.Count;
            await client.ConnectAsync(servers.Addresses[at]);
            Promise.Holds(!client.IsRecovered, "A client that has missed more than is kept begins a new session.");
            await servers.Servers[at].EmitAsync("n", "later", i);
            while (await client.ReadAsync() is { } next && next.Source != "later") Promise.Holds(next.Source != "missed" || servers.Servers.Count > 1, "A part of what was missed came.");
        }
    }
}
