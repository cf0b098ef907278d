using System.Collections.Concurrent;
using System.Diagnostics;
using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Server;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>
/// A server is told to end while everybody is busy: half of the clients poll, half are on WebSockets, some are upgrading, some wait for
/// a handler that blocks. Every client is told of the end, and the process ends by itself and with 0.
/// </summary>
internal sealed class Shutdown : Scenario
{
    private const int GoingAway = 1001;

    public override string Name => "shutdown";

    public int Clients { get; init; } = 1_000;

    // Of CloseTimeout, for farewells, and of a handler that blocks for two of them.
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(7);

    public override async Task RunAsync(Figures figures)
    {
        await using var target = await Target.StartAsync(TimeSpan.FromSeconds(25), isOwnProcess: true);
        var missed = new ConcurrentBag<string>();
        var clients = new List<Task>();
        for (var i = 0; i < Clients; i++)
        {
            if (i % 2 == 0) clients.Add(PollToEndAsync(await JoinRoomAsync(await PollingPeer.JoinAsync(target.Http)), missed));
            else clients.Add(ReadToEndAsync(await JoinRoomAsync(await SocketPeer.JoinAsync(target.Address), isBlocked: i % 100 == 1), missed));
        }

        for (var i = 0; i < Clients / 20; i++) clients.Add(UpgradeToEndAsync(target, missed));
        // The answer will not come: the server ends meanwhile.
        var broadcasts = target.Http.PostAsync(new Uri("/broadcast?perSecond=50&bytes=500&seconds=60", UriKind.Relative), null);
        await Task.Delay(1_000);

        var clock = Stopwatch.StartNew();
        var code = await target.StopAsync();
        var ended = clock.Elapsed;
        await Task.WhenAll(clients).WaitAsync(Limits.Patience);
        await ((Task)broadcasts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        figures.Add("clients when the server was told to end", $"{Clients} and {Clients / 20} that upgrade, broadcasts going on");
        figures.Add("process ended", $"after {ended.TotalSeconds:0.0} s with {code}");
        figures.Add("clients that were not told", $"{missed.Count} {string.Join(", ", missed.GroupBy(text => text).Select(group => $"{group.Count()} {group.Key}"))}");
        Promise.Equal(0, code, "exit code");
        Promise.Holds(ended <= Within, $"The process ended after {ended.TotalSeconds:0.0} s.");
        Promise.Equal(0, missed.Count, "clients that were not told");
    }

    private static async Task<PollingPeer> JoinRoomAsync(PollingPeer polling)
    {
        await polling.PostAsync("42[\"join\",\"room\"]");
        return polling;
    }

    private static async Task<SocketPeer> JoinRoomAsync(SocketPeer peer, bool isBlocked)
    {
        await peer.SendAsync("42[\"join\",\"room\"]");
        if (isBlocked) await peer.SendAsync("42[\"block\",2000]");
        return peer;
    }

    private static async Task PollToEndAsync(PollingPeer polling, ConcurrentBag<string> missed)
    {
        try
        {
            while (await polling.PollAsync() is { } packets)
            {
                if (packets.Contains("1")) return;
            }

            missed.Add("polling: unknown session");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            missed.Add("polling: no connection");
        }
    }

    private static async Task ReadToEndAsync(SocketPeer peer, ConcurrentBag<string> missed)
    {
        await using (peer)
        {
            await peer.ReadToEndAsync();
            if (peer.CloseCode != GoingAway) missed.Add($"WebSocket: closed with {peer.CloseCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"}");
        }
    }

    // Stands between 3probe and 5, and polls meanwhile as the real clients do.
    private static async Task UpgradeToEndAsync(Target target, ConcurrentBag<string> missed)
    {
        var polling = await PollingPeer.JoinAsync(target.Http);
        await using var probe = await SocketPeer.OpenAsync(target.Address, polling.Sid);
        await probe.SendAsync("2probe");
        await PollToEndAsync(polling, missed);
    }
}
