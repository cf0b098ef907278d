using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SocketIOServer.Epoll;

/// <summary>Creates the listeners of Kestrel's endpoints. All of them share the same loops.</summary>
internal sealed class EpollTransport(IOptions<EpollOptions> options, IMemoryPoolFactory<byte> pools, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private readonly ILogger _log = loggers.CreateLogger("SocketIOServer.Epoll");
    private readonly Lock _lock = new();
    private EpollLoops? _loops;

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
            // Kestrel turns this exception into a message with the address.
            if (e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }) throw new AddressInUseException(e.Message, e);
            throw;
        }
    }

    public void Dispose() => _loops?.Dispose();

    private EpollLoops Loops()
    {
        var settings = options.Value;
        // The system's clock: these checks are for threads, so a test's clock does not apply.
        lock (_lock) return _loops ??= new(settings.Loops, (number, awake) => new(pools.Create(), settings, _log, $"epoll {number}", awake), TimeProvider.System);
    }
}
