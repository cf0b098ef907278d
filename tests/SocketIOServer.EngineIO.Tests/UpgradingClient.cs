using System.Globalization;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>
/// A client that upgrades as the real ones do, while both sides send: it polls and posts until the probe is answered, lets
/// its last poll and post end, says 5 and goes on over the WebSocket with what it has not sent yet.
/// </summary>
internal sealed class UpgradingClient(EngineHost host, int eio, int messages) : IAsyncDisposable
{
    private const int Burst = 20;

    private readonly TaskCompletionSource _quarter = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _upgraded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PollingClient _polling = null!;
    private SocketClient _socket = null!;
    private int _sent;
    private volatile bool _isPausing;

    public List<string> Received { get; } = [];

    public EngineClient Server { get; private set; } = null!;

    public IEnumerable<string> ReceivedByServer => Server.Received;

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public async Task RunAsync()
    {
        _polling = await host.PollAsync(eio);
        Server = host.Find(_polling);
        var serverSends = ServerSendsAsync();
        var polls = PollsAsync();
        var posts = PostsAsync();

        await _quarter.Task;
        _socket = await host.ProbeAsync(_polling, eio);
        await _socket.SendAsync("2probe");
        Assert.Equal("3probe", await _socket.ReadAsync());
        _isPausing = true;
        await Task.WhenAll(polls, posts);
        await _socket.SendAsync("5");
        _upgraded.SetResult();

        await Task.WhenAll(ReadsAsync(), WritesAsync(), serverSends);
        await Eventually.TrueAsync(() => Server.Received.Count >= messages, "the server has it all");
    }

    public ValueTask DisposeAsync() => _socket?.DisposeAsync() ?? default;

    // A quarter before the probe, a half from then on, and the last quarter not before the 5 is on its way.
    private async Task ServerSendsAsync()
    {
        for (var i = 0; i < messages; i++)
        {
            if (i == messages / 4) _quarter.SetResult();
            if (i == messages * 3 / 4) await _upgraded.Task;
            Assert.True(Server.Send(Text(i)));
            if (i % Burst == 0) await Task.Yield();
        }
    }

    private async Task PollsAsync()
    {
        while (!_isPausing)
        {
            var packets = Split(await _polling.PollAsync());
            Received.AddRange(packets.Where(packet => packet != "6").Select(packet => packet[1..]));
        }
    }

    // At least a quarter is left for the WebSocket.
    private async Task PostsAsync()
    {
        while (!_isPausing && _sent < messages * 3 / 4)
        {
            var packets = Enumerable.Range(_sent, Burst).Select(number => "4" + Text(number)).ToList();
            _sent += Burst;
            var body = eio == 4 ? string.Join('\u001e', packets) : string.Concat(packets.Select(packet => $"{packet.Length}:{packet}"));
            Assert.Equal((200, "ok"), await _polling.PostAsync(body));
        }
    }

    private async Task ReadsAsync()
    {
        while (Received.Count < messages) Received.Add((await _socket.ReadAsync())[1..]);
    }

    private async Task WritesAsync()
    {
        while (_sent < messages) await _socket.SendAsync("4" + Text(_sent++));
    }

    private List<string> Split(string body)
    {
        if (eio == 4) return [.. body.Split('\u001e')];
        var packets = new List<string>();
        while (body.Length > 0)
        {
            var colon = body.IndexOf(':', StringComparison.Ordinal);
            var end = colon + 1 + int.Parse(body[..colon], CultureInfo.InvariantCulture);
            packets.Add(body[(colon + 1)..end]);
            body = body[end..];
        }

        return packets;
    }
}
