using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LoadCluster;

/// <summary>Counts the events of another server when the in-memory adapter has them, and tells the publisher.</summary>
internal sealed class Receiver : IDisposable
{
    private const int AckEvery = 100;
    private const int MaxLatencies = 4_000_000;

    private readonly UdpClient _publisher = new(AddressFamily.InterNetwork);
    private readonly int[] _latencies = new int[MaxLatencies];
    private readonly Timer _timer;
    private int _port;
    private int _received;
    private int _acknowledged;
    private long _latest;
    private int _disordered;
    private long _allocated;

    public Receiver() => _timer = new(_ => Acknowledge(), null, 5, 5);

    public void Begin(int port)
    {
        (_port, _received, _acknowledged, _latest, _disordered) = (port, 0, 0, -1, 0);
        _allocated = GC.GetTotalAllocatedBytes(precise: true);
    }

    public void OnEvent(ReadOnlySpan<byte> message)
    {
        if (!Stamp.TryRead(message, out var number, out var time)) return;
        if (number < _latest) _disordered++;
        else _latest = number;
        if (_received < MaxLatencies) _latencies[_received] = (int)Math.Min(int.MaxValue, (Stopwatch.GetTimestamp() - time) / 1000);
        if (++_received % AckEvery == 0) Acknowledge();
    }

    public string End()
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - _allocated;
        var latencies = _latencies.AsSpan(0, Math.Min(_received, MaxLatencies));
        latencies.Sort();
        var (p50, p99) = latencies.IsEmpty ? (0, 0) : (latencies[latencies.Length / 2], latencies[(int)(latencies.Length * 0.99)]);
        return string.Create(CultureInfo.InvariantCulture, $$"""{"received":{{_received}},"p50":{{p50}},"p99":{{p99}},"disordered":{{_disordered}},"allocated":{{allocated}}}""");
    }

    public void Dispose()
    {
        _timer.Dispose();
        _publisher.Dispose();
    }

    private void Acknowledge()
    {
        var received = _received;
        if (_port == 0 || received == Interlocked.Exchange(ref _acknowledged, received)) return;
        _publisher.Send(Encoding.ASCII.GetBytes(received.ToString(CultureInfo.InvariantCulture)), new IPEndPoint(IPAddress.Loopback, _port));
    }
}
