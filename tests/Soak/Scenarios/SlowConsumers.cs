using System.Diagnostics;
using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Server;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>Some members of a room stop reading while one floods it. They are closed as slow clients; the others receive all, in order.</summary>
internal sealed class SlowConsumers : Scenario
{
    public override string Name => "slow";

    public int Clients { get; init; } = 500;

    public int Stalled { get; init; } = 50;

    public int Messages { get; init; } = 20_000;

    public int Bytes { get; init; } = 1_000;

    /// <summary>So many are sent, and the next when all who read have those. Null: all in one flood, as fast as the server takes them.</summary>
    public int? Burst { get; init; }

    public override async Task RunAsync(Figures figures)
    {
        await using var target = await Target.StartAsync(TimeSpan.FromSeconds(25), IsOwnProcess);
        var readers = new List<SocketPeer>();
        var stalled = new List<SocketPeer>();
        for (var i = 0; i < Clients; i++)
        {
            var isStalled = i < Stalled;
            var peer = await SocketPeer.JoinAsync(target.Address, receiveBuffer: isStalled ? 4096 : null);
            (isStalled ? stalled : readers).Add(peer);
            await peer.SendAsync("421[\"join\",\"room\"]");
            await peer.ReadUntilAsync("431");
        }

        var before = await target.LookAsync();
        var clock = Stopwatch.StartNew();
        var received = new int[readers.Count];
        var reads = readers.Select((peer, i) => ReadAllAsync(peer, received, i)).ToList();
        var sender = readers[0];
        var peak = WatchPeakAsync(target, Task.WhenAll(reads));
        // The sender is one of those that receive, as a chat's clients are.
        var text = new string('x', Bytes);
        for (var i = 0; i < Messages; i++)
        {
            await sender.SendAsync($"42[\"say\",\"{i:000000}{text}\"]");
            if ((i + 1) % Burst != 0) continue;
            while (received.Any(count => count <= i) && !reads.Exists(read => read.IsFaulted)) await Task.Delay(1);
        }

        await Task.WhenAll(reads);
        var seconds = clock.Elapsed.TotalSeconds;
        var state = await target.UntilAsync(state => state.Left.GetValueOrDefault("transport error") == Stalled, "stalled clients are left");
        Promise.Equal(Clients - Stalled, state.Sockets, "sockets of those who read");

        foreach (var peer in readers.Concat(stalled)) await peer.DisposeAsync();
        await target.UntilEmptyAsync();
        var growth = await peak - before.Resident;
        figures.Add("room", $"{Clients}, of whom {Stalled} stop reading; {Messages} events of {Bytes} bytes");
        figures.Add("received by each of the others", $"all, in order, in {seconds:0.0} s ({Messages * (Clients - Stalled) / seconds:N0} deliveries/s)");
        figures.Add("closed as slow", $"{Stalled}");
        figures.Add("server's memory", $"{Megabytes(before.Resident)} MB before, {Megabytes(growth)} MB more at most");
        // What a stalled client may keep waiting, and what the runtime takes for that much traffic.
        if (IsOwnProcess) Promise.Holds(growth < Stalled * (2L << 20) + (80 << 20), $"Memory grew by {Megabytes(growth)} MB.");
    }

    private async Task ReadAllAsync(SocketPeer peer, int[] received, int own)
    {
        for (var i = 0; i < Messages; i++)
        {
            var frame = await peer.ReadFrameAsync() ?? throw new BrokenPromiseException($"A client that reads all was closed after {i} events.");
            Promise.Holds(System.Buffers.Text.Utf8Parser.TryParse(frame.Span.Slice(11, 6), out int number, out _) && number == i, $"Event {i} was another.");
            Volatile.Write(ref received[own], i + 1);
        }
    }

    // Without a collection, which would hold the server up: what the kernel says.
    private async Task<long> WatchPeakAsync(Target target, Task end)
    {
        var peak = 0L;
        while (IsOwnProcess && !end.IsCompleted)
        {
            peak = Math.Max(peak, target.ResidentBytes());
            await Task.WhenAny(end, Task.Delay(50));
        }

        return peak;
    }
}
