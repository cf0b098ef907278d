using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Server;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>
/// Clients connect, join rooms with long names and cut, in a loop, to fill the memory with sessions. What is kept stays within MaxTotalBytes, and a client
/// beside them gets every event.
/// </summary>
internal sealed class RecoveryFlood : Scenario
{
    private const int Rooms = 10;
    private const int PerSecond = 50;

    private static readonly string LongName = new('r', 200);

    public override string Name => "recovery-flood";

    public int Connections { get; init; } = 20_000;

    public int AtOnce { get; init; } = 32;

    public long MaxTotalBytes { get; init; } = 32 << 20;

    public override async Task RunAsync(Figures figures)
    {
        await using var target = await Target.StartAsync(TimeSpan.FromSeconds(25), IsOwnProcess, recoveryBytes: MaxTotalBytes);
        await using var witness = await SocketPeer.JoinAsync(target.Address);
        await witness.SendAsync("421[\"join\",\"room\"]");
        await witness.ReadUntilAsync("431");
        var before = await target.LookAsync();
        using var ended = new CancellationTokenSource();
        var watch = WatchAsync(target, ended.Token);
        var emitting = EmitAsync(target, ended.Token);
        var read = ReadAsync(witness, emitting);
        await EachAsync(Connections, AtOnce, i => FloodAsync(target, i));
        var full = await target.LookAtRecoveryAsync();
        await ended.CancelAsync();
        var (bytes, resident) = await watch;
        var events = await read;
        var after = await target.LookAsync();

        figures.Add("connections that joined rooms and were cut", $"{Connections:N0}, {AtOnce} at once");
        figures.Add("MaxTotalBytes", $"{Megabytes(MaxTotalBytes)} MB");
        figures.Add("socketio.server.recovery.bytes at most", $"{bytes / 1048576.0:0.0} MB; {full.Sessions:N0} sessions in the end");
        figures.Add("events that a client beside them got", $"{events:N0}, all, in order");
        if (IsOwnProcess) figures.Add("server's memory", $"{Megabytes(before.Resident)} MB before, {Megabytes(resident)} MB at most, {Megabytes(after.Resident)} MB afterwards");
        // Each of those that are just saved may be over the limit until it is dropped.
        Promise.Holds(bytes <= MaxTotalBytes + (AtOnce * 16 << 10), $"{bytes} bytes were kept.");
        Promise.Holds(full.Sessions < Connections || Connections < 10_000, "Sessions were dropped.");
        Promise.Holds(!IsOwnProcess || after.Resident - before.Resident < (2 * MaxTotalBytes) + (64 << 20), $"Memory grew to {Megabytes(after.Resident)} MB.");
        Promise.Equal(0, after.Errors, "errors in the log");
    }

    private static async Task FloodAsync(Target target, int i)
    {
        var peer = await SocketPeer.JoinAsync(target.Address);
        for (var room = 0; room < Rooms; room++) await peer.SendAsync($"42[\"join\",\"{i} {room} {LongName}\"]");
        await peer.SendAsync("421[\"join\",\"last\"]");
        await peer.ReadUntilAsync("431");
        peer.Reset();
    }

    private static async Task<int> EmitAsync(Target target, CancellationToken ended)
    {
        var sent = 0;
        while (!ended.IsCancellationRequested)
        {
            using var response = await target.Http.PostAsync(new Uri($"/broadcast?perSecond={PerSecond}&bytes=100&seconds=1&from={sent}", UriKind.Relative), null, CancellationToken.None);
            sent += int.Parse(await response.Content.ReadAsStringAsync(CancellationToken.None), System.Globalization.CultureInfo.InvariantCulture);
        }

        return sent;
    }

    private static async Task<int> ReadAsync(SocketPeer witness, Task<int> emitting)
    {
        for (var received = 0; ; received++)
        {
            var next = witness.ReadUntilAsync("42[\"news\",");
            if (await Task.WhenAny(next, emitting) == emitting && received == await emitting) return received;
            var text = await next.WaitAsync(Limits.Patience);
            Promise.Holds(text.StartsWith($"42[\"news\",{received},", StringComparison.Ordinal), $"Event {received} was another: {text[..30]}");
        }
    }

    // What the metrics and the kernel say, at most.
    private async Task<(long Bytes, long Resident)> WatchAsync(Target target, CancellationToken ended)
    {
        var (bytes, resident) = (0L, 0L);
        while (!ended.IsCancellationRequested)
        {
            bytes = Math.Max(bytes, (await target.LookAtRecoveryAsync()).Bytes);
            if (IsOwnProcess) resident = Math.Max(resident, target.ResidentBytes());
            await Task.Delay(50, CancellationToken.None);
        }

        return (bytes, resident);
    }
}
