using System.Diagnostics;
using System.Globalization;

namespace SocketIOServer.Attacks.Tests;

/// <summary>
/// An innocent client beside the attackers. It asks every 50 ms for an echo, and must get each one, in order, and nothing else. How long it
/// waits depends on the machine too, so that is judged where the machine is quiet: WITNESS=200 in the environment, from ./test soak, allows 200 ms.
/// </summary>
internal sealed class Witness : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly int? Longest = int.TryParse(Environment.GetEnvironmentVariable("WITNESS"), CultureInfo.InvariantCulture, out var milliseconds) ? milliseconds : null;

    private readonly SocketClient _client;
    private readonly SemaphoreSlim _asking = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;
    private TimeSpan _longest;
    private int _asked;

    private Witness(SocketClient client, string id)
    {
        _client = client;
        Id = id;
        _running = RunAsync();
    }

    public string Id { get; }

    public static async Task<Witness> StartAsync(TestHost host)
    {
        var client = await SocketClient.ConnectAsync(host);
        await client.SendAsync("40");
        return new(client, SocketIds.Of(await client.ReadAsync()));
    }

    /// <summary>One echo more, from here on: the server serves others at this very moment.</summary>
    public async Task EchoAsync()
    {
        await _asking.WaitAsync();
        try
        {
            var question = (++_asked).ToString(CultureInfo.InvariantCulture);
            var begin = Stopwatch.GetTimestamp();
            await _client.SendAsync($"""42{question}["echo",{question}]""");
            var answer = await _client.ReadAsync();
            for (; answer == "2"; answer = await _client.ReadAsync()) await _client.SendAsync("3");
            Assert.Equal($"43{question}[{question}]", answer);
            _longest = TimeSpan.FromTicks(Math.Max(_longest.Ticks, Stopwatch.GetElapsedTime(begin).Ticks));
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Says what it saw.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.Soon();
        await _client.DisposeAsync();
        if (Longest is { } longest) Assert.True(_longest.TotalMilliseconds <= longest, $"An echo of the witness took {_longest.TotalMilliseconds:f0} ms.");
        _end.Dispose();
        _asking.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await EchoAsync();
            await Task.Delay(Pause, _end.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }
}
