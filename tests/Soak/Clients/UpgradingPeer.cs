using System.Diagnostics;
using System.Globalization;

namespace SocketIOServer.Soak.Clients;

/// <summary>
/// A client that upgrades as the real ones do, while both sides send numbered events: it polls and posts until the probe is answered,
/// lets its last poll and post end, says 5 and goes on over the WebSocket.
/// </summary>
internal sealed class UpgradingPeer(HttpClient http, int eio, int messages)
{
    private const int Burst = 20;

    private readonly TaskCompletionSource _quarter = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PollingPeer _polling = null!;
    private int _received;
    private int _sent;
    private volatile bool _isPausing;

    /// <summary>How long the upgrade took, from the WebSocket's request to the 5.</summary>
    public async Task<TimeSpan> RunAsync()
    {
        _polling = await PollingPeer.JoinAsync(http, eio);
        await PostAsync($"42[\"numbers\",{messages}]");
        var polls = PollsAsync();
        var posts = PostsAsync();

        await Task.WhenAny(_quarter.Task, polls);
        var clock = Stopwatch.StartNew();
        await using var socket = await SocketPeer.OpenAsync(http.BaseAddress!, _polling.Sid, eio: eio);
        await socket.SendAsync("2probe");
        await socket.ReadUntilAsync("3probe");
        _isPausing = true;
        await Task.WhenAll(polls, posts);
        await socket.SendAsync("5");
        clock.Stop();

        await socket.SendAsync("42[\"rest\"]");
        await Task.WhenAll(WritesAsync(socket), ReadsAsync(socket));
        await CheckTotalAsync(socket, messages);
        return clock.Elapsed;
    }

    public static async Task CheckTotalAsync(SocketPeer socket, int messages)
    {
        await socket.SendAsync("427[\"total\"]");
        Promise.Equal($"437[{messages},0]", await socket.ReadUntilAsync("437"), "numbers that the server got, and wrong ones among them");
    }

    private async Task PollsAsync()
    {
        while (!_isPausing)
        {
            foreach (var packet in await _polling.PollAsync() ?? throw new BrokenPromiseException("The polling session ended.")) Receive(packet);
        }
    }

    private async Task PostsAsync()
    {
        // At least a quarter is left for the WebSocket.
        for (; !_isPausing && _sent < messages * 3 / 4; _sent += Burst) await PostAsync([.. Enumerable.Range(_sent, Burst).Select(Event)]);
    }

    private async Task PostAsync(params string[] packets) => Promise.Equal(200, await _polling.PostAsync(packets), "the answer to a post");

    private async Task WritesAsync(SocketPeer socket)
    {
        while (_sent < messages) await socket.SendAsync(Event(_sent++));
    }

    private async Task ReadsAsync(SocketPeer socket)
    {
        while (_received < messages) Receive(await socket.ReadUntilAsync("42"));
    }

    private void Receive(string packet)
    {
        if (!packet.StartsWith("42", StringComparison.Ordinal)) return;
        Promise.Equal(Event(_received), packet, "the next event");
        if (++_received == messages / 4) _quarter.TrySetResult();
    }

    private static string Event(int number) => $"42[\"number\",{number.ToString(CultureInfo.InvariantCulture)}]";
}
