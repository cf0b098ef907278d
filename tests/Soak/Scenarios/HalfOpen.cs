using System.Diagnostics;
using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Server;
using Testkit.Faults;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>
/// The network of some clients is gone and nobody is told, while the server broadcasts to them. All are closed within PingInterval +
/// PingTimeout, memory stays bounded, and clients whose network is there miss nothing.
/// </summary>
internal sealed class HalfOpen : Scenario
{
    private const int Witnesses = 10;

    // A timer and a busy machine are late by this much at most.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    public override string Name => "halfopen";

    /// <summary>A third of them in the room that is broadcast to, a third silent, a third polling.</summary>
    public int Clients { get; init; } = 100;

    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Of 50,000 bytes each.</summary>
    public int BroadcastsPerSecond { get; init; } = 100;

    /// <summary>Says how long it took to notice; a short form, on a busy machine, does not judge it.</summary>
    public bool IsTimed { get; init; } = true;

    public override async Task RunAsync(Figures figures)
    {
        await using var target = await Target.StartAsync(Ping, IsOwnProcess);
        await using var proxy = new FaultProxy(target.Address);
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = proxy.Address };
        var clients = new List<IAsyncDisposable>();
        using var gone = new CancellationTokenSource();
        for (var i = 0; i < Clients; i++)
        {
            if (i % 3 == 2)
            {
                _ = (await PollingPeer.JoinAsync(http)).PollAsync(gone.Token);
                continue;
            }

            var peer = await SocketPeer.JoinAsync(proxy.Address);
            clients.Add(peer);
            if (i % 3 == 0) await JoinRoomAsync(peer);
            _ = peer.ReadToEndAsync();
        }

        var counts = new int[Witnesses];
        var witnesses = new List<Task>();
        for (var i = 0; i < Witnesses; i++)
        {
            var peer = await SocketPeer.JoinAsync(target.Address);
            clients.Add(peer);
            await JoinRoomAsync(peer);
            witnesses.Add(CountAsync(peer, counts, i));
        }

        var seconds = Ping.TotalSeconds * 2 + 2;
        var before = await target.LookAsync();
        Promise.Equal(Clients + Witnesses, before.Sockets, "sockets before");
        foreach (var link in proxy.Links) link.Blackhole();
        var clock = Stopwatch.StartNew();
        var broadcasts = target.Http.PostAsync(new Uri($"/broadcast?perSecond={BroadcastsPerSecond}&bytes=50000&seconds={seconds:0.0}", UriKind.Relative), null);

        var after = await target.UntilAsync(state => state.Sockets == Witnesses, "half-open sockets are left");
        var noticed = clock.Elapsed;
        using var answer = await broadcasts;
        var sent = int.Parse(await answer.Content.ReadAsStringAsync(), System.Globalization.CultureInfo.InvariantCulture);
        // A wrong one ends its task, and is thrown below.
        while (counts.Any(count => count < sent) && !witnesses.Exists(witness => witness.IsCompleted) && clock.Elapsed < Limits.Patience) await Task.Delay(10);
        foreach (var client in clients) await client.DisposeAsync();
        await gone.CancelAsync();
        await Task.WhenAll(witnesses);

        figures.Add("half-open sockets", $"{Clients}, broadcasts of {sent * 50_000 / 1_000_000.0 / seconds:0.0} MB/s going on");
        figures.Add("all closed after", $"{noticed.TotalSeconds:0.0} s; PingInterval + PingTimeout is {Ping.TotalSeconds * 2:0.0} s");
        figures.Add("server's memory", $"{Megabytes(before.Resident)} MB before, {Megabytes(after.Resident)} MB when they were closed");
        figures.Add("broadcasts to the others", $"{sent}, none lost or out of order");
        if (IsTimed) Promise.Holds(noticed <= Ping * 2 + Late, $"The last was closed after {noticed.TotalSeconds:0.0} s.");
        if (IsOwnProcess) Promise.Holds(after.Resident - before.Resident < 150 << 20, $"Memory grew by {Megabytes(after.Resident - before.Resident)} MB.");
        Promise.Holds(counts.All(count => count == sent), $"Witnesses got {string.Join(' ', counts)} of {sent}.");
        await target.UntilEmptyAsync();
    }

    private static async Task JoinRoomAsync(SocketPeer peer)
    {
        await peer.SendAsync("421[\"join\",\"room\"]");
        await peer.ReadUntilAsync("431");
    }

    private static async Task CountAsync(SocketPeer peer, int[] counts, int own)
    {
        while (await peer.ReadAsync() is { } text)
        {
            Promise.Holds(text.StartsWith($"42[\"news\",{counts[own]},", StringComparison.Ordinal), $"Broadcast {counts[own]} was {text[..Math.Min(40, text.Length)]}.");
            counts[own]++;
        }
    }
}
