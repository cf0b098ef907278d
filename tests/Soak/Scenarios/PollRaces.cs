using System.Net;
using System.Net.Sockets;
using System.Text;
using SocketIOServer.Soak.Clients;
using SocketIOServer.Soak.Server;

namespace SocketIOServer.Soak.Scenarios;

/// <summary>
/// Requests of one session at once, and requests that are reset at every point. There are never two polls at a time, every request is
/// answered, and what a session that lives on was sent is neither lost nor doubled.
/// </summary>
internal sealed class PollRaces : Scenario
{
    private const int AtOnce = 50;

    public override string Name => "polls";

    /// <summary>Of fifty requests at once each, half of them polls and half posts.</summary>
    public int Rounds { get; init; } = 200;

    /// <summary>How often a request is reset at each point.</summary>
    public int Resets { get; init; } = 100;

    public override async Task RunAsync(Figures figures)
    {
        // Pings so far apart that no session ends for want of a pong: what ends must have ended by the reset.
        await using var target = await Target.StartAsync(TimeSpan.FromMinutes(10), IsOwnProcess);

        for (var i = 0; i < Rounds; i++) await (i % 2 == 0 ? GetsAsync(target) : PostsAsync(target, i));
        await EachAsync(Resets, 16, async _ =>
        {
            await ResetAsync(target, HalfHead, livesOn: true);
            await ResetAsync(target, (socket, polling) => WaitAsync(target, socket, polling), livesOn: false);
            await ResetAsync(target, HalfBody, livesOn: false);
            await ResetAsync(target, UnreadAnswer, livesOn: true);
        });

        var state = await target.UntilEmptyAsync();
        Promise.Equal(0, state.Doubled, "events that were handled twice");
        figures.Add("requests of one session at once", $"{Rounds} times {AtOnce}: all were answered, none doubled an event");
        figures.Add("requests reset on the way", $"{Resets} at each of 4 points: a session that lived on had lost nothing");
    }

    // Each finds the session, or another's poll and so the end of the session; what is on its way meanwhile goes to one of them.
    private static async Task GetsAsync(Target target)
    {
        var polling = await PollingPeer.JoinAsync(target.Http);
        await polling.PostAsync("42[\"numbers\",200]", "42[\"rest\"]");

        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => polling.PollAsync()));

        var events = answers.SelectMany(packets => packets ?? []).Where(packet => packet.StartsWith("42", StringComparison.Ordinal)).ToList();
        Promise.Equal(events.Count, events.Distinct().Count(), "different events among those that came");
        while (await polling.PollAsync() is { } packets) Promise.Holds(packets is ["1"], $"A session that two polls had met in said {string.Join(' ', packets)}.");
    }

    private static async Task PostsAsync(Target target, int round)
    {
        var polling = await PollingPeer.JoinAsync(target.Http);

        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => polling.PostAsync($"42[\"mark\",{round * AtOnce + i}]")));

        Promise.Holds(answers.All(status => status is 200 or 400), $"Posts were answered with {string.Join(", ", answers.Distinct())}.");
        await LeaveAsync(polling);
    }

    // Closes the session, where it is not closed, and takes its farewell.
    private static async Task LeaveAsync(PollingPeer polling)
    {
        await polling.PostAsync("1");
        await polling.PollAsync();
    }

    private static async Task ResetAsync(Target target, Func<Socket, PollingPeer, Task> bringToThePoint, bool livesOn)
    {
        var polling = await PollingPeer.JoinAsync(target.Http);
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new(true, 0) })
        {
            await socket.ConnectAsync(IPAddress.Loopback, target.Address.Port);
            await bringToThePoint(socket, polling);
        }

        if (!livesOn)
        {
            // The server hears of the reset by itself.
            await Promise.ComesAsync(async () => !await target.IsKnownAsync(polling), "A session lives on whose request was reset.");
            return;
        }

        await polling.PostAsync("421[\"total\"]");
        var expected = bringToThePoint == UnreadAnswer ? "431[1,0]" : "431[0,0]";
        var packets = await polling.PollAsync() ?? throw new BrokenPromiseException("The session ended with a request that it did not depend on.");
        Promise.Holds(packets.Contains(expected), $"Numbers that the server got: {string.Join(' ', packets)} instead of {expected}");
        await LeaveAsync(polling);
    }

    private static Task HalfHead(Socket socket, PollingPeer polling) => SendAsync(socket, $"GET {polling.Url} HT");

    private static async Task WaitAsync(Target target, Socket socket, PollingPeer polling)
    {
        await SendAsync(socket, $"GET {polling.Url} HTTP/1.1\r\nHost: x\r\n\r\n");
        await Promise.ComesAsync(() => target.IsPolledAsync(polling.Sid), "The server has not got a poll.");
    }

    private static async Task HalfBody(Socket socket, PollingPeer polling)
    {
        await SendAsync(socket, $"POST {polling.Url} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 15\r\n\r\n");
        // The server asks for the body when it is about to read it.
        await ReadAsync(socket, "HTTP/1.1 100 Continue\r\n\r\n");
        await SendAsync(socket, "42[\"num");
    }

    private static async Task UnreadAnswer(Socket socket, PollingPeer polling)
    {
        await SendAsync(socket, $"POST {polling.Url} HTTP/1.1\r\nHost: x\r\nContent-Length: 14\r\n\r\n42[\"number\",0]");
        await ReadAsync(socket, "HTTP/1.1 200 OK");
    }

    private static async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text));

    private static async Task ReadAsync(Socket socket, string text)
    {
        var bytes = new byte[text.Length];
        var read = 0;
        while (read < bytes.Length && await socket.ReceiveAsync(bytes.AsMemory(read)) is > 0 and var count) read += count;
        Promise.Equal(text, Encoding.ASCII.GetString(bytes, 0, read), "the answer");
    }
}
