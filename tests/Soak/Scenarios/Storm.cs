using System.Diagnostics;
using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Server;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>
/// Clients that connect all at once and use the connect packet as nobody should: twice, a thousand times, never, or only to leave again.
/// Each is closed, by the rule or by ConnectTimeout, and nothing is left.
/// </summary>
internal sealed class Storm : Scenario
{
    private static readonly string[] Kinds = ["40 twice", "a thousand times 40/other", "no 40", "40 and 41", "a thousand unknown namespaces"];

    public override string Name => "storm";

    public int Clients { get; init; } = 1_000;

    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(2);

    public override async Task RunAsync(Figures figures)
    {
        await using var target = await Target.StartAsync(Ping, IsOwnProcess, hasOwnTime: !IsOwnProcess);
        var clock = Stopwatch.StartNew();

        var clients = EachAsync(Clients, Clients, i => ConnectAsync(target, i % Kinds.Length));
        while (await Task.WhenAny(clients, Task.Delay(10)) != clients) await target.PassAsync(TimeSpan.FromMilliseconds(100));
        await clients;

        figures.Add("clients at once", $"{Clients}: {string.Join(", ", Kinds)}");
        figures.Add("all closed after", $"{clock.Elapsed.TotalSeconds:0.0} s; ConnectTimeout is {(Ping * 2).TotalSeconds:0.0} s");
        var state = await target.UntilEmptyAsync();
        figures.Add("left behind", $"{state.Sessions} sessions, {state.Sockets} sockets; OnConnected and OnDisconnected ran {state.Connected} times each");
    }

    private static async Task ConnectAsync(Target target, int kind)
    {
        await using var peer = await SocketPeer.OpenAsync(target.Address);
        var texts = kind switch
        {
            0 => ["40", "40"],
            1 => Enumerable.Repeat("40/other,", 1_000),
            2 => [],
            3 => ["40", "41"],
            _ => Enumerable.Range(0, 1_000).Select(i => $"40/unknown{i},"),
        };
        byte[] frames = [.. texts.SelectMany(SocketPeer.Frame)];
        try
        {
            if (frames.Length > 0) await peer.SendRawAsync(frames);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // It is closed already.
        }

        await peer.ReadToEndAsync().WaitAsync(Limits.Patience);
    }
}
