using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;
using Testkit.Faults;
using ConfigurationOptions = StackExchange.Redis.ConfigurationOptions;

namespace SocketIOServer.Redis.Tests.Faults;

/// <summary>
/// A server publishes more than the way to Redis carries, 1 Mbit/s. The bus stays alive, what does not fit into its queue is dropped and counted, and its own clients
/// notice nothing.
/// </summary>
public sealed class BackpressureTests
{
    private const int BytesPerSecond = 125_000;

    private static readonly int MaxQueuedBytes = Rounds.IsLong ? 16 << 20 : 256 << 10;
    private static readonly int PerSecond = Rounds.IsLong ? 50_000 : 5_000;
    private static readonly TimeSpan Lasts = Rounds.Take(2, 20);
    private static readonly string Text = new('x', Rounds.IsLong ? 1000 : 200);

    private readonly ConcurrentQueue<int> _far = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _latest;
    private int _sent;

    [Fact]
    public async Task What_Redis_is_too_slow_for_is_counted_and_harms_no_local_client()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var proxy = new FaultProxy(new($"redis://127.0.0.1:{redis.Port}"));
        proxy.ToServer.BytesPerSecond = proxy.ToClient.BytesPerSecond = BytesPerSecond;
        await using var near = await StartAsync(new() { EndPoints = { { IPAddress.Loopback, proxy.Address.Port } } });
        await using var far = await StartAsync(redis.Configuration);
        await using var nearClient = await near.JoinAsync();
        await using var farClient = await far.JoinAsync();
        await far.Io.To(farClient.Id).JoinAsync("far");
        await Eventually.TrueAsync(() => near.Node.Bus.State == BusState.Alive && near.Node.Members.Count == 1 && far.Node.Members.Count == 1, "the servers did not find each other");
        var states = new ConcurrentQueue<BusState>();
        near.Node.Bus.StateChanged += states.Enqueue;
        var reading = ReadAsync(farClient);

        var (latencies, queued) = await LoadAsync(near, nearClient);
        var full = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(HealthStatus.Degraded, (await near.CheckHealthAsync()).Status);
        Assert.Equal(BusState.Alive, near.Node.Bus.State);
        Assert.Empty(states);

        proxy.ToServer.BytesPerSecond = proxy.ToClient.BytesPerSecond = 0;
        foreach (var link in proxy.Links) link.ToServer.BytesPerSecond = link.ToClient.BytesPerSecond = 0;
        var lifted = _clock.Elapsed;
        while ((await near.CheckHealthAsync()).Status != HealthStatus.Healthy || near.Node.Bus.Statistics.QueuedMessages > 0)
        {
            Assert.True(_clock.Elapsed - lifted < TimeSpan.FromSeconds(5), $"{(await near.CheckHealthAsync()).Description}, {near.Node.Bus.Statistics}");
            await Task.Delay(10);
        }

        var recovered = _clock.Elapsed - lifted;
        Emit(near);
        await Eventually.TrueAsync(() => Volatile.Read(ref _latest) == _sent, () => $"{_latest} of {_sent}; {near.Node.Bus.Statistics}");

        // Buffers that the process keeps are there with and without the queue.
        var memory = full - GC.GetTotalMemory(forceFullCollection: true);
        var missing = _sent - _far.Count;
        var statistics = near.Node.Bus.Statistics;
        var sorted = latencies.Order().ToArray();
        Rounds.Say($"backpressure: {_sent} sent, {_far.Count} received, {statistics.Dropped} dropped; queue at most {queued / 1024} KiB, memory {memory / 1024} KiB more; local p50 {sorted[sorted.Length / 2]:0.0} ms, p99 {sorted[sorted.Length * 99 / 100]:0.0} ms; recovered after {recovered.TotalSeconds:0.0} s");
        Assert.True(missing > 0, "the way was not too slow");
        Assert.Equal(_far.Distinct().Order(), _far);
        Assert.Equal(missing, far.Node.Gaps);
        Assert.Equal(0, statistics.Uncertain);
        // What the server says of itself every two seconds is dropped as well.
        Assert.InRange(statistics.Dropped - missing, 0, (int)_clock.Elapsed.TotalSeconds);
        Assert.InRange(queued, MaxQueuedBytes / 2, MaxQueuedBytes);
        if (Rounds.IsLong) Assert.InRange(memory, 0, (long)(MaxQueuedBytes * 1.2));
        await nearClient.DisposeAsync();
        await farClient.DisposeAsync();
        await reading;
    }

    private static async Task<Server> StartAsync(ConfigurationOptions configuration) => new(
        await TestHost.StartAsync(
            io => io.On("echo", (int number) => number),
            options => (options.PingInterval, options.MaxQueuedBytes) = (TimeSpan.FromHours(1), 64 << 20),
            builder => builder.Services.AddSingleton(TimeProvider.System).AddSocketIO().AddRedis(o => (o.Configuration, o.MaxQueuedBytes) = (configuration, MaxQueuedBytes))),
        null);

    // Nothing of it may wait for the bus.
    private void Emit(Server near) => Assert.True(near.Io.To("far").EmitAsync("load", ++_sent, Text).AsTask().IsCompletedSuccessfully);

    private async Task<(List<double> Latencies, long Queued)> LoadAsync(Server near, Client client)
    {
        var (latencies, queued, begin) = (new List<double>(), 0L, _clock.Elapsed);
        while (_clock.Elapsed - begin is var passed && passed < Lasts)
        {
            for (var due = (int)(passed.TotalSeconds * PerSecond); _sent < due;) Emit(near);
            queued = Math.Max(queued, near.Node.Bus.Statistics.QueuedBytes);
            var asked = _clock.Elapsed;
            await client.Socket.SendAsync("421[\"echo\",7]");
            Assert.Equal("431[7]", await client.ReadAsync());
            latencies.Add((_clock.Elapsed - asked).TotalMilliseconds);
            await Task.Delay(2);
        }

        return (latencies, queued);
    }

    private async Task ReadAsync(Client client)
    {
        const string Begin = "42[\"load\",";
        while (await client.ReadAsync() is var text && text.StartsWith(Begin, StringComparison.Ordinal))
        {
            var number = int.Parse(text.AsSpan(Begin.Length, text.IndexOf(',', Begin.Length) - Begin.Length), CultureInfo.InvariantCulture);
            _far.Enqueue(number);
            Volatile.Write(ref _latest, number);
        }
    }
}
