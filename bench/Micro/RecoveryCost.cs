using System.Globalization;

namespace SocketIOServer.Micro;

/// <summary>
/// What <see cref="RecoveryOptions"/> costs: CPU of this process for one broadcast, with it and without, in rounds that take turns; and memory of a connected
/// socket. Printed as a table.
/// </summary>
internal static class RecoveryCost
{
    private const int Idle = 10_000;

    // Longer than the log is, so that it is full and each event replaces one.
    private const int WarmUp = 30_000;

    private static readonly string Text = new('x', 64);

    public static async Task RunAsync(int rounds, bool isOn)
    {
        Console.WriteLine("| | off | on | more |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var members in (int[])[1, 100]) await MeasureAsync(members, rounds, isOn ? new() : null);
        var (off, on) = (Measure(null), Measure(isOn ? new() : null));
        Print("bytes of a connected socket", off, on);
    }

    private static async Task MeasureAsync(int members, int rounds, RecoveryOptions? on)
    {
        var servers = (ISocketServer[])[Start(null, members), Start(on, members)];
        // Some collections of garbage in each round.
        var count = 2_000_000 / (members + 19);
        foreach (var server in servers) await EmitAsync(server, WarmUp);
        var cpu = (List<double>[])[[], []];
        var bytes = new double[2];
        for (var round = 0; round < rounds; round++)
        {
            // Whoever comes first may find the caches cold, so they change.
            for (var turn = 0; turn < 2; turn++)
            {
                var which = (round + turn) & 1;
                var (before, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
                await EmitAsync(servers[which], count);
                cpu[which].Add((Environment.CpuUsage.TotalTime - before).TotalNanoseconds / count);
                bytes[which] = (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / count;
            }
        }

        Print($"ns of CPU for a broadcast to {members}", LowTenth(cpu[0]), LowTenth(cpu[1]));
        Print($"bytes allocated for it", bytes[0], bytes[1]);
    }

    private static async Task EmitAsync(ISocketServer server, int count)
    {
        for (var i = 0; i < count; i++) await server.EmitAsync("e", Text);
    }

    private static ISocketServer Start(RecoveryOptions? recovery, int members)
    {
        var server = Servers.Start(static _ => { }, options => options.Recovery = recovery);
        for (var i = 0; i < members; i++) MemoryClient.Join(server);
        return server.Public;
    }

    // The memory that is in use, with clients that are nothing but a queue.
    private static double Measure(RecoveryOptions? recovery)
    {
        var server = Servers.Start(static _ => { }, options => options.Recovery = recovery);
        for (var i = 0; i < 100; i++) MemoryClient.Join(server);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clients = new MemoryClient[Idle];
        for (var i = 0; i < Idle; i++) clients[i] = MemoryClient.Join(server);
        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Idle;
        GC.KeepAlive(clients);
        GC.KeepAlive(server);
        return bytes;
    }

    // Other work on the machine makes rounds slower and none faster.
    private static double LowTenth(List<double> values)
    {
        values.Sort();
        return values[values.Count / 10];
    }

    private static void Print(string what, double off, double on) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {off:N0} | {on:N0} | {on - off:N0} |"));
}
