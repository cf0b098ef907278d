using System.Diagnostics;
using LoadGenerator;

namespace LoadFlood;

/// <summary>Clients that read all they get; some of them send all they have at once, and each message goes to everybody.</summary>
internal sealed class Flood
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    private readonly Poller _poller = new();
    private readonly Client[] _clients;
    private readonly byte[] _buffer = new byte[1 << 20];

    public Flood(int port, int clients)
    {
        _clients = new Client[clients];
        for (var i = 0; i < clients; i++)
        {
            var client = _clients[i] = new(port);
            _poller.Add(client.File, i);
            var since = Stopwatch.GetTimestamp();
            while (!client.IsOpen)
            {
                if (client.IsClosed || Stopwatch.GetElapsedTime(since) > Silence) throw new InvalidOperationException("A client could not connect.");
                Read();
            }
        }
    }

    /// <summary>Clients that the server closed.</summary>
    public int Closed => _clients.Count(client => client.IsClosed);

    public long Delivered => _clients.Sum(client => client.Delivered);

    /// <summary>From the first byte sent to the last delivery.</summary>
    public double Seconds { get; private set; }

    /// <summary>Until everybody who is left has everything, or nothing comes any more.</summary>
    public void Run(int senders, int messages, int bytes)
    {
        var frame = Frames.Build($"""42["bcast","{new string('x', bytes)}"]""");
        for (var i = 0; i < senders; i++) _clients[i].Flood(frame, messages);
        var start = Stopwatch.GetTimestamp();
        var (delivered, deliveredAt) = (0L, start);
        while (Stopwatch.GetElapsedTime(deliveredAt) < Silence && Stopwatch.GetElapsedTime(start) < Longest)
        {
            for (var i = 0; i < senders; i++) _clients[i].SendMore();
            Read();
            var now = Delivered;
            if (now == delivered) continue;
            (delivered, deliveredAt) = (now, Stopwatch.GetTimestamp());
            if (now == (long)_clients.Length * senders * messages) break;
        }

        Seconds = Stopwatch.GetElapsedTime(start, deliveredAt).TotalSeconds;
    }

    private void Read()
    {
        var ready = _poller.Wait(milliseconds: 1);
        for (var i = 0; i < ready; i++) _clients[_poller.IndexOf(i)].Read(_buffer);
    }
}
