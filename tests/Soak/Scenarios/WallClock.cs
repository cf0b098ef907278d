using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Server;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>The machine's time of day jumps under the server, an hour forth and back and a day forth. Nobody is dropped, and pings go on.</summary>
internal sealed class WallClock : Scenario
{
    private static readonly (string Text, TimeSpan By)[] Jumps =
        [("+1h", TimeSpan.FromHours(1)), ("-1h", TimeSpan.FromHours(-1)), ("+1d", TimeSpan.FromDays(1)), ("+0", TimeSpan.Zero)];

    public override string Name => "wallclock";

    public int Clients { get; init; } = 60;

    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The path of libfaketime; where it is not set there is nothing to try.</summary>
    public string? Library { get; init; } = Environment.GetEnvironmentVariable("LIBFAKETIME");

    public override async Task RunAsync(Figures figures)
    {
        if (Library is null)
        {
            figures.Add("NOT TRIED", $"libfaketime is not installed (LIBFAKETIME names its file)");
            return;
        }

        var offset = Path.GetTempFileName();
        await File.WriteAllTextAsync(offset, "+0");
        await using var target = await Target.StartAsync(Ping, isOwnProcess: true, new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Library,
            ["FAKETIME_TIMESTAMP_FILE"] = offset,
            ["FAKETIME_NO_CACHE"] = "1",
            // A wall clock jumps; the clock that counts since the start of the machine does not.
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        });
        var peers = new List<SocketPeer>();
        var reads = new List<Task>();
        for (var i = 0; i < Clients; i++)
        {
            if (i % 6 == 0)
            {
                reads.Add(PollAsync(await PollingPeer.JoinAsync(target.Http)));
                continue;
            }

            peers.Add(await SocketPeer.JoinAsync(target.Address));
            reads.Add(peers[^1].ReadToEndAsync());
        }

        foreach (var (text, by) in Jumps)
        {
            await File.WriteAllTextAsync(offset, text);
            var pings = peers.Select(peer => peer.Pings).ToList();
            await Task.Delay(Hold);

            var state = await target.LookAsync();
            Promise.Holds((state.Now - DateTimeOffset.UtcNow - by).Duration() < TimeSpan.FromMinutes(1), $"The server's time is {state.Now}, so nothing was tried.");
            Promise.Equal(Clients, state.Sockets, $"sockets after {text}");
            Promise.Holds(reads.All(read => !read.IsCompleted), $"Connections ended after {text}.");
            var fewest = peers.Zip(pings, (peer, before) => peer.Pings - before).Min();
            Promise.Holds(fewest >= (int)(Hold / Ping / 2), $"After {text} a client got {fewest} pings in {Hold.TotalSeconds:0} s.");
        }

        File.Delete(offset);
        figures.Add("jumps of the wall clock", $"{string.Join(", ", Jumps.Select(jump => jump.Text))}, {Hold.TotalSeconds:0} s after each with pings every {Ping.TotalSeconds:0} s");
        figures.Add("clients dropped", $"0 of {Clients}, a sixth of them polling");
    }

    private static async Task PollAsync(PollingPeer polling)
    {
        while (await polling.PollAsync() is not null)
        {
        }
    }
}
