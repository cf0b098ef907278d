using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Tests.Stop;

/// <summary>
/// A stop with 200 clients under traffic: half of them poll, half have a WebSocket, some are upgrading, some have a handler that runs or keeps its thread. Everyone
/// gets what was sent to it and its close, and every hook runs once (CONTRACT X1, in short).
/// </summary>
public sealed class ShutdownLoadTests : IDisposable
{
    private const int Polling = 100;
    private const int WebSockets = 100;
    private const int Probing = 10;
    private const int Waiting = 10;
    private const int Blocked = 2;

    private readonly ConcurrentDictionary<string, int> _disconnected = new();
    private readonly ManualResetEventSlim _gate = new();
    private int _begun;
    private int _ended;

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task Everyone_is_told_and_nothing_is_lost()
    {
        await using var host = await TestHost.StartAsync(
            io => io
                .On("begin", async (ISocket socket) =>
                {
                    Interlocked.Increment(ref _begun);
                    await Task.Delay(Timeout.Infinite, socket.Disconnected).ContinueWith(_ => { }, TaskScheduler.Default);
                    Interlocked.Increment(ref _ended);
                })
                .On("block", () =>
                {
                    Interlocked.Increment(ref _begun);
                    _gate.Wait(TestHost.Patience);
                    Interlocked.Increment(ref _ended);
                })
                .On("stop", (IHostApplicationLifetime lifetime) => lifetime.StopApplication())
                .OnDisconnected(async (ISocket socket) =>
                {
                    await Task.Yield();
                    _disconnected.AddOrUpdate(socket.Id, 1, (_, count) => count + 1);
                }));
        var pollers = await Task.WhenAll(Enumerable.Range(0, Polling).Select(_ => PollingClient.JoinAsync(host)));
        var sockets = await Task.WhenAll(Enumerable.Range(0, WebSockets).Select(_ => SocketClient.JoinAsync(host)));
        var probes = await Task.WhenAll(pollers.Take(Probing).Select(poller => ProbeAsync(host, poller)));
        await Task.WhenAll(sockets.Take(Waiting).Select(socket => socket.SendAsync("""42["begin"]""")));
        await Task.WhenAll(sockets.Skip(Waiting).Take(Blocked).Select(socket => socket.SendAsync("""42["block"]""")));
        await Eventually.TrueAsync(() => Volatile.Read(ref _begun) == Waiting + Blocked, "the handlers run");

        var told = pollers.Select(PollToEndAsync).Concat(sockets.Select(ReadToEndAsync)).ToArray();
        for (var i = 0; i < 50; i++) await host.Io.EmitAsync("n", i);
        // In a handler, twice, and then by the host.
        await sockets[^1].SendAsync("""42["stop"]""", """42["stop"]""");
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        await Eventually.TrueAsync(() => lifetime.ApplicationStopping.IsCancellationRequested, "the stop has begun");
        var stopping = Task.WhenAll(host.StopAsync(), host.StopAsync());
        var all = await Task.WhenAll(told).Soon();
        _gate.Set();
        await Task.WhenAll(probes.Select(async probe => Assert.Equal("closed 1000", await ReadToEndAsync(probe))));
        await stopping.Soon();

        var numbers = string.Concat(Enumerable.Range(0, 50).Select(i => $"""42["n",{i}]"""));
        Assert.All(all.Take(Polling), texts => Assert.Equal(numbers + "1", texts));
        Assert.All(all.Skip(Polling), texts => Assert.Equal(numbers + "closed 1001", texts));
        Assert.Equal((Polling + WebSockets, Waiting + Blocked), (_disconnected.Count, _ended));
        Assert.All(_disconnected.Values, count => Assert.Equal(1, count));
        Assert.DoesNotContain(host.Log.Lines, line => line.Level >= LogLevel.Warning);
        foreach (var probe in probes) await probe.DisposeAsync();
        foreach (var socket in sockets) await socket.DisposeAsync();
    }

    private static async Task<SocketClient> ProbeAsync(TestHost host, PollingClient poller)
    {
        var probe = await SocketClient.OpenAsync(host, query: $"&sid={poller.Sid}");
        Assert.Equal("3probe", await probe.AskAsync("2probe"));
        return probe;
    }

    // Noops are left out: a poll that comes while a probe runs ends with one.
    private static async Task<string> PollToEndAsync(PollingClient client)
    {
        var all = "";
        while (!all.EndsWith('1'))
        {
            var body = await client.PollAsync();
            Assert.False(body.StartsWith('{'), body);
            if (body != "6") all += body.Replace("\u001e", "", StringComparison.Ordinal);
        }

        return all;
    }

    private static async Task<string> ReadToEndAsync(SocketClient client)
    {
        var all = "";
        while (true)
        {
            var text = await client.ReadAsync();
            all += text;
            if (!text.StartsWith("closed", StringComparison.Ordinal)) continue;
            await client.CloseAsync();
            return all;
        }
    }
}
