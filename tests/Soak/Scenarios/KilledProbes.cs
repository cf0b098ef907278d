using System.Net;
using System.Net.Sockets;
using System.Text;
using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Server;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>A probe that dies, at any point before its 5 is whole, leaves polling as it was: nothing is lost, and the next probe may come.</summary>
internal sealed class KilledProbes : Scenario
{
    private const int Messages = 400;

    // What is sent and waited for before the probe dies; a text after the bar is what must have come.
    private static readonly string[] Points =
        ["connected", "half a request", "the request", "the 101", "half of 2probe", "2probe", "3probe", "half of 5"];

    public override string Name => "probes";

    /// <summary>How often each point is tried, with a reset and with an orderly end.</summary>
    public int Rounds { get; init; } = 20;

    public override async Task RunAsync(Figures figures)
    {
        await using var target = await Target.StartAsync(TimeSpan.FromSeconds(25), IsOwnProcess);

        await EachAsync(Rounds * Points.Length * 2, 16, i => KillAsync(target, point: i / 2 % Points.Length, isReset: i % 2 == 0));

        // They are gone without a word, and one poll of each ends their session.
        figures.Add("probes killed", $"{Rounds * Points.Length * 2}, at {Points.Length} points, by reset and by an orderly end");
        figures.Add("events lost, doubled or out of order", $"0");
        var state = await target.LookAsync();
        Promise.Holds(state is { Errors: 0, Unobserved: 0 }, string.Join('\n', state.ErrorTexts));
    }

    private static async Task KillAsync(Target target, int point, bool isReset)
    {
        var polling = await PollingPeer.JoinAsync(target.Http);
        await polling.PostAsync($"42[\"numbers\",{Messages}]", "42[\"rest\"]");
        var received = 0;
        for (var killed = false; received < Messages; killed = true)
        {
            if (!killed) await ProbeAsync(target, polling.Sid, point, isReset);
            foreach (var packet in await polling.PollAsync() ?? throw new BrokenPromiseException($"The session ended with its probe ({Points[point]})."))
            {
                if (packet.StartsWith("42", StringComparison.Ordinal)) Promise.Equal($"42[\"number\",{received++}]", packet, $"the next event after a probe that died at {Points[point]}");
            }
        }

        await UpgradeAsync(target, polling);
    }

    private static async Task ProbeAsync(Target target, string sid, int point, bool isReset)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, target.Address.Port);
        var request = SocketPeer.Request(target.Address, sid);
        if (point == 1) await SendAsync(socket, Encoding.ASCII.GetBytes(request[..(request.Length / 2)]));
        if (point >= 2) await SendAsync(socket, Encoding.ASCII.GetBytes(request));
        if (point >= 3) await ReadUntilAsync(socket, "\r\n\r\n");
        if (point == 4) await SendAsync(socket, SocketPeer.Frame("2probe")[..9]);
        if (point >= 5) await SendAsync(socket, SocketPeer.Frame("2probe"));
        if (point >= 6) await ReadUntilAsync(socket, "3probe");
        if (point == 7) await SendAsync(socket, SocketPeer.Frame("5")[..6]);
        if (isReset) socket.LingerState = new(true, 0);
        else socket.Shutdown(SocketShutdown.Both);
    }

    // The place of the one that died is free, as soon as the server has heard of its end.
    private static async Task UpgradeAsync(Target target, PollingPeer polling)
    {
        using var patience = new CancellationTokenSource(Limits.Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            await using var socket = await SocketPeer.OpenAsync(target.Address, polling.Sid);
            await socket.SendAsync("2probe");
            if (await socket.ReadAsync() != "3probe") continue;
            await socket.SendAsync("5");
            await UpgradingPeer.CheckTotalAsync(socket, 0);
            return;
        }
    }

    private static async Task SendAsync(Socket socket, byte[] bytes) => await socket.SendAsync(bytes);

    private static async Task ReadUntilAsync(Socket socket, string end)
    {
        var text = "";
        var one = new byte[1];
        while (!text.EndsWith(end, StringComparison.Ordinal))
        {
            if (await socket.ReceiveAsync(one) == 0) throw new BrokenPromiseException($"The probe ended after: {text}");
            text += (char)one[0];
        }
    }
}
