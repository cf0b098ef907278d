using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Testkit.Faults;

/// <summary>
/// A TCP proxy on a free loopback port that harms what passes through it: delays, slices, blackholes, resets, cuts. New
/// connections start with the faults of the proxy; each connection's own faults may be changed while it lasts.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly Uri _target;
    private readonly Random _random;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<FaultyLink, bool> _links = new();
    private readonly Task _accepting;

    /// <param name="target">The server behind it.</param>
    /// <param name="seed">Of the random slices and delays.</param>
    public FaultProxy(Uri target, int seed = 1)
    {
        _target = target;
        _random = new(seed);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(4096);
        Address = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public Uri Address { get; }

    /// <summary>From the client to the server, for connections that come from now on.</summary>
    public Faults ToServer { get; } = new();

    /// <summary>From the server to the client, for connections that come from now on.</summary>
    public Faults ToClient { get; } = new();

    /// <summary>The connections that have not ended.</summary>
    public ICollection<FaultyLink> Links => _links.Keys;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var link in Links) await link.DisposeAsync();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var link = new FaultyLink(client, server, ToServer.Copy(), ToClient.Copy(), RandomUpTo);
        _links[link] = true;
        await link.RunAsync(_target);
        _links.TryRemove(link, out _);
    }

    // One source of numbers for all connections, so that a seed says what a run did as far as its order is the same.
    private double RandomUpTo(double max)
    {
        lock (_random) return _random.NextDouble() * max;
    }
}
