using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests.Masters;

/// <summary>One bus publishes numbers to 64 channels, which lie in slots all over the cluster. The other one hears them.</summary>
internal sealed class ClusterTraffic : IAsyncDisposable
{
    public const int Channels = 64;

    private readonly CancellationTokenSource _quiet = new();
    private readonly ConcurrentQueue<int>[] _heard = [.. Enumerable.Range(0, Channels).Select(static _ => new ConcurrentQueue<int>())];
    private readonly ConcurrentQueue<(string Bus, BusState State)> _changes = new();
    private readonly List<int>[] _refused = [.. Enumerable.Range(0, Channels).Select(static _ => new List<int>())];
    private Task _publishing = Task.CompletedTask;
    private int _sent;

    private ClusterTraffic(RedisBus from, RedisBus to) => (From, To) = (from, to);

    public RedisBus From { get; }

    public RedisBus To { get; }

    public string[] Names { get; } = new string[Channels];

    public int[] Slots { get; } = new int[Channels];

    /// <summary>How often each channel was published to.</summary>
    public int Sent => Volatile.Read(ref _sent);

    public (string Bus, BusState State)[] Changes => [.. _changes];

    public static async Task<ClusterTraffic> StartAsync(RedisCluster cluster, TimeSpan? probe = null)
    {
        var traffic = new ClusterTraffic(await ConnectAsync(cluster.Configuration, probe: probe), await ConnectAsync(cluster.Configuration, probe: probe));
        await using var hashing = await ConnectionMultiplexer.ConnectAsync(cluster.Configuration);
        for (var i = 0; i < Channels; i++)
        {
            var number = i;
            do traffic.Names[i] = $"room {Guid.NewGuid():N}";
            while (hashing.HashSlot(traffic.Names[i]) / (16_384 / Channels) != i);
            traffic.Slots[i] = hashing.HashSlot(traffic.Names[i]);
            await traffic.To.Subscribe(new(traffic.Names[i]), (_, message) => traffic._heard[number].Enqueue(Read(message))).Ready.WaitAsync(TestHost.Patience);
        }

        traffic.From.StateChanged += state => traffic._changes.Enqueue(("from", state));
        traffic.To.StateChanged += state => traffic._changes.Enqueue(("to", state));
        traffic._publishing = traffic.PublishAsync();
        await traffic.SentAsync(20);
        return traffic;
    }

    /// <summary>Waits until each channel was published to so often again.</summary>
    public Task SentAsync(int count)
    {
        var until = Sent + count;
        return Eventually.TrueAsync(() => Sent >= until, "nothing is published");
    }

    /// <summary>Waits until something that is published after this moment arrives on a channel.</summary>
    public Task HeardAsync(int channel)
    {
        var now = Sent;
        return Eventually.TrueAsync(() => _heard[channel].LastOrDefault() > now + 1, () => $"channel {channel} hears nothing; {From.State}, {From.Problem}; {To.State}, {To.Problem}");
    }

    /// <summary>Publishes no more, and waits until the last number has arrived everywhere.</summary>
    public async Task EndAsync()
    {
        await _quiet.CancelAsync();
        await _publishing;
        await Eventually.TrueAsync(() => _heard.All(heard => heard.LastOrDefault() == _sent), () => $"of {_sent} the last were {string.Join(' ', _heard.Select(static heard => heard.LastOrDefault()))}");
    }

    /// <summary>How many numbers did not arrive on a channel. Those that did must be in order, each once.</summary>
    public int Missing(int channel)
    {
        int[] heard = [.. _heard[channel]];
        Assert.Equal(heard.Distinct().Order(), heard);
        return _sent - heard.Length;
    }

    /// <summary>How many numbers the bus did not take for a channel.</summary>
    public int Refused(int channel) => _refused[channel].Count;

    public async ValueTask DisposeAsync()
    {
        await _quiet.CancelAsync();
        await _publishing;
        await From.DisposeAsync();
        await To.DisposeAsync();
        _quiet.Dispose();
    }

    internal static async Task<RedisBus> ConnectAsync(ConfigurationOptions configuration, bool isSharded = true, TimeSpan? probe = null)
    {
        var bus = new RedisBus(
            new() { Configuration = configuration, IsSharded = isSharded, ProbeInterval = probe ?? TimeSpan.FromSeconds(1.5) }, TimeProvider.System, NullLogger.Instance);
        await bus.StartAsync(CancellationToken.None).WaitAsync(TestHost.Patience);
        await Eventually.TrueAsync(() => bus.State == BusState.Alive, () => $"the bus is {bus.State}");
        return bus;
    }

    private static int Read(ReadOnlySpan<byte> message) => Utf8Parser.TryParse(message, out int number, out _) ? number : -1;

    private async Task PublishAsync()
    {
        while (!_quiet.IsCancellationRequested)
        {
            var number = _sent + 1;
            var message = Encoding.UTF8.GetBytes($"{number}");
            for (var i = 0; i < Channels; i++)
            {
                if (!From.Publish(Names[i], message)) _refused[i].Add(number);
            }

            Volatile.Write(ref _sent, number);
            await Task.Delay(10);
        }
    }
}
