using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SocketIOServer;

namespace LoadCluster;

/// <summary>Emits to all clients of the cluster: at a fixed rate, or with as many events under way as a window allows. The receiver says by UDP how many it has.</summary>
internal sealed class Publisher : IDisposable
{
    private readonly ISocketServer _server;
    private readonly UdpClient _acknowledged = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly SemaphoreSlim _more = new(0);
    private long _received;

    public Publisher(ISocketServer server)
    {
        _server = server;
        _ = Task.Run(ListenAsync);
    }

    public int Port => ((IPEndPoint)_acknowledged.Client.LocalEndPoint!).Port;

    /// <param name="rate">Events a second; 0: as fast as the window allows.</param>
    /// <param name="window">The most events that are under way; 0: nobody answers, and none is waited for.</param>
    /// <param name="seconds">How long.</param>
    public async Task<string> RunAsync(int rate, int window, double seconds)
    {
        Interlocked.Exchange(ref _received, 0);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var begin = Stopwatch.GetTimestamp();
        long sent = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds)
        {
            if (rate > 0)
            {
                await timer.WaitForNextTickAsync();
                for (var due = (long)(Stopwatch.GetElapsedTime(begin).TotalSeconds * rate); sent < due; sent++) await EmitAsync(sent);
                continue;
            }

            for (var i = 0; i < 100 && (window == 0 || sent - Interlocked.Read(ref _received) < window); i++) await EmitAsync(sent++);
            if (window > 0 && sent - Interlocked.Read(ref _received) >= window) await _more.WaitAsync(100);
        }

        var elapsed = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        for (var waited = 0; window > 0 && Interlocked.Read(ref _received) < sent && waited < 300; waited++) await Task.Delay(10);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return string.Create(CultureInfo.InvariantCulture, $$"""{"sent":{{sent}},"seconds":{{elapsed:0.000}},"allocated":{{allocated}}}""");
    }

    public void Dispose()
    {
        _acknowledged.Dispose();
        _more.Dispose();
    }

    private ValueTask EmitAsync(long number) => _server.EmitAsync("x", Stamp.Write(number));

    private async Task ListenAsync()
    {
        while (true)
        {
            var datagram = await _acknowledged.ReceiveAsync();
            var received = long.Parse(datagram.Buffer, CultureInfo.InvariantCulture);
            if (received > Interlocked.Read(ref _received)) Interlocked.Exchange(ref _received, received);
            if (_more.CurrentCount == 0) _more.Release();
        }
    }
}
