using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace SocketIOServer.Epoll;

/// <summary>Accepts connections on the first loop and distributes them to all loops in turn.</summary>
internal sealed partial class EpollListener : IConnectionListener, IPolled
{
    // The largest number of connections that one event accepts, so that others on the loop do not wait. The event is level-triggered, so the rest is reported
    // again.
    private const int AcceptsAtOnce = 64;

    private const int AddressSize = 28;           // struct sockaddr_in6, the larger of the two

    // The pause after the limit of open files was reached. By its end, an open connection might have ended.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly int _file;
    private readonly EpollLoops _loops;
    private readonly EpollOptions _options;
    private readonly IPEndPoint _endpoint;
    private readonly bool _isAny;
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>(new() { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Timer? _pause;
    private int _next;
    private bool _isEnded;

    public EpollListener(Socket socket, EpollLoops loops, EpollOptions options)
    {
        _socket = socket;
        _file = (int)socket.SafeHandle.DangerousGetHandle();
        _loops = loops;
        _options = options;
        _endpoint = (IPEndPoint)socket.LocalEndPoint!;
        _isAny = _endpoint.Address.Equals(IPAddress.Any) || _endpoint.Address.Equals(IPAddress.IPv6Any);
        Listen();
    }

    public EndPoint EndPoint => _endpoint;

    private EpollLoop Acceptor => _loops[0];

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_accepted.Reader.TryRead(out var connection)) return connection;
        }

        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        Acceptor.Schedule(static state => ((EpollListener)state!).End(), this);
        // Not cancelled: it ends soon, and the socket must be closed even if the token of the stop is already cancelled.
        await _unbound.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync().ConfigureAwait(false);
        // Nothing will accept these connections any more.
        while (_accepted.Reader.TryRead(out var connection))
        {
            connection.Abort(new("The server is stopping."));
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void OnEvents(uint flags)
    {
        var address = new SocketAddress(_endpoint.AddressFamily, AddressSize);
        for (var i = 0; i < AcceptsAtOnce && !_isEnded; i++)
        {
            var size = (uint)AddressSize;
            var file = Native.Accept(_file, ref MemoryMarshal.GetReference(address.Buffer.Span), ref size, Native.NonBlocking | Native.CloseOnExec);
            if (file >= 0)
            {
                Start(file, address);
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == Native.WouldBlock) return;
            // The connection stays in the kernel's queue and would be reported again and again.
            if (error is Native.TooManyFilesHere or Native.TooManyFiles or Native.NoMemory or Native.NoBuffers)
            {
                Pause();
                Acceptor.Remove(_file);
                return;
            }

            // Any other error belongs to a connection that has already ended (man 2 accept).
        }
    }

    private void Start(int file, SocketAddress address)
    {
        var one = 1;
        if (_options.NoDelay) Native.SetOption(file, Native.TcpLevel, Native.NoDelay, ref one, sizeof(int));
        var connection = new EpollConnection(file, _loops[_next], LocalEndPoint(file), _endpoint.Create(address));
        _next = (_next + 1) % _loops.Count;
        connection.Start();
        _accepted.Writer.TryWrite(connection);
    }

    private EndPoint LocalEndPoint(int file)
    {
        if (!_isAny) return _endpoint;
        var address = new SocketAddress(_endpoint.AddressFamily, AddressSize);
        var size = (uint)AddressSize;
        return Native.GetName(file, ref MemoryMarshal.GetReference(address.Buffer.Span), ref size) == 0 ? _endpoint.Create(address) : _endpoint;
    }

    private void Listen() => Acceptor.Schedule(static state =>
    {
        var listener = (EpollListener)state!;
        listener._pause?.Dispose();
        if (!listener._isEnded && !listener.Acceptor.TryAdd(listener._file, listener, Native.Readable)) listener.Pause();
    }, this);

    private void Pause()
    {
        LogPaused(Acceptor.Log, _endpoint, Marshal.GetLastPInvokeErrorMessage());
        _pause = new Timer(static state => ((EpollListener)state!).Listen(), this, Rest, Timeout.InfiniteTimeSpan);
    }

    private void End()
    {
        if (_isEnded) return;
        _isEnded = true;
        Acceptor.Remove(_file);
        _socket.Dispose();
        _accepted.Writer.TryComplete();
        _unbound.TrySetResult();
    }
}
