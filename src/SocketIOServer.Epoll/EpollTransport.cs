using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SocketIOServer.Epoll;

/// <summary>Kestrel's way in: makes listeners, all on the same loops.</summary>
internal sealed class EpollTransport(IOptions<EpollOptions> options, IMemoryPoolFactory<byte> pools, ILogger<EpollTransport> log)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    // As long as others may wait for a handler that holds its thread; twice that at most.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private EpollLoop[]? _loops;
    private Timer? _relief;

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket? socket = null;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.Blocking = false;
            socket.Listen(options.Value.Backlog);
            return new(new EpollListener(socket, Loops(), options.Value));
        }
        catch (Exception e)
        {
            socket?.Dispose();
            // Which Kestrel turns into a sentence with the address.
            if (e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }) throw new AddressInUseException(e.Message, e);
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var loop in _loops ?? []) loop.Dispose();
        _relief?.Dispose();
    }

    private EpollLoop[] Loops()
    {
        lock (_lock)
        {
            if (_loops is not null) return _loops;
            var loops = new EpollLoop[options.Value.Loops];
            for (var i = 0; i < loops.Length; i++) loops[i] = new(pools.Create(), options.Value, log, $"epoll {i}");
            _relief = new(static state => Relieve((EpollLoop[])state!), loops, Patience, Patience);
            return _loops = loops;
        }
    }

    private static void Relieve(EpollLoop[] loops)
    {
        // A pool without a thread to spare calls late, and may call twice at once.
        lock (loops)
        {
            foreach (var loop in loops) loop.Relieve();
        }
    }
}
