using System.Net.Sockets;

namespace Testkit.Faults;

/// <summary>One connection through a <see cref="FaultProxy"/>: two sockets, and a pump for each direction.</summary>
public sealed class FaultyLink : IAsyncDisposable
{
    private readonly Socket _client;
    private readonly Socket _server;
    private readonly Func<double, double> _random;
    private readonly CancellationTokenSource _reset = new();
    private readonly System.Diagnostics.Stopwatch _clock = System.Diagnostics.Stopwatch.StartNew();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal FaultyLink(Socket client, Socket server, Faults toServer, Faults toClient, Func<double, double> random)
    {
        (_client, _server, _random) = (client, server, random);
        (ToServer, ToClient) = (toServer, toClient);
        // Or the system would join the slices again.
        _client.NoDelay = _server.NoDelay = true;
    }

    public Faults ToServer { get; }

    public Faults ToClient { get; }

    /// <summary>Completes when both sockets are closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Resets both connections, as a router does that has forgotten them.</summary>
    public void Reset() => _reset.Cancel();

    /// <summary>The network is gone in both directions, and neither side is told; or it is back.</summary>
    public void Blackhole(bool isOn = true) => ToServer.IsBlackhole = ToClient.IsBlackhole = isOn;

    /// <summary>Resets it, where it has not ended by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        Reset();
        await Ended;
    }

    internal async Task RunAsync(Uri target)
    {
        if (await ConnectAsync(target)) await Task.WhenAll(PumpAsync(_client, _server, ToServer), PumpAsync(_server, _client, ToClient));
        foreach (var socket in (Socket[])[_client, _server])
        {
            if (_reset.IsCancellationRequested) socket.LingerState = new(true, 0);
            socket.Dispose();
        }

        _ended.SetResult();
    }

    // Where nobody listens the client is told by a reset.
    private async Task<bool> ConnectAsync(Uri target)
    {
        try
        {
            await _server.ConnectAsync(target.DnsSafeHost, target.Port, _reset.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            Reset();
            return false;
        }
    }

    // To the end of what comes, or to a reset, which ends the other direction too.
    private async Task PumpAsync(Socket from, Socket to, Faults faults)
    {
        var buffer = new byte[4096];
        long passed = 0;
        var pace = TimeSpan.Zero;
        try
        {
            while (true)
            {
                await faults.PassableAsync(_reset.Token);
                var count = await from.ReceiveAsync(buffer, _reset.Token);
                await faults.PassableAsync(_reset.Token);
                if (faults.Delay > TimeSpan.Zero) await Task.Delay(TimeSpan.FromMilliseconds(_random(faults.Delay.TotalMilliseconds)), _reset.Token);
                var allowed = (int)Math.Min(count, faults.CutAfter - passed ?? count);
                if (faults.BytesPerSecond > 0) pace = await PaceAsync(pace, allowed, faults.BytesPerSecond);
                await WriteAsync(to, buffer.AsMemory(0, allowed), faults);
                passed += allowed;
                if (passed == faults.CutAfter) Reset();
                if (count > 0) continue;
                to.Shutdown(SocketShutdown.Send);
                return;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // A blackhole keeps a reset back too.
            await faults.PassableAsync(_reset.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Reset();
        }
    }

    // Timers are late, so each wait ends at a time that depends on none before it.
    private async Task<TimeSpan> PaceAsync(TimeSpan last, int count, int perSecond)
    {
        var now = _clock.Elapsed;
        var due = (last > now ? last : now) + TimeSpan.FromSeconds((double)count / perSecond);
        if (due - now > TimeSpan.FromMilliseconds(1)) await Task.Delay(due - now, _reset.Token);
        return due;
    }

    private async Task WriteAsync(Socket to, ReadOnlyMemory<byte> bytes, Faults faults)
    {
        while (bytes.Length > 0)
        {
            var count = faults.Slice > 0 ? Math.Min(bytes.Length, 1 + (int)_random(faults.Slice)) : bytes.Length;
            await to.SendAsync(bytes[..count], _reset.Token);
            faults.Writes++;
            bytes = bytes[count..];
        }
    }
}
