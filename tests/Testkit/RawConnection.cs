using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Testkit;

/// <summary>A bare TCP connection: what no proper HTTP client would send, or when it would not.</summary>
public sealed class RawConnection : IAsyncDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var raw = new RawConnection();
        await raw._socket.ConnectAsync(address.DnsSafeHost, address.Port);
        return raw;
    }

    /// <summary>Whether what <see cref="ReadToEndAsync"/> saw was a reset, which is an error to most programs.</summary>
    public bool IsReset { get; private set; }

    /// <summary>Bytes that have come and are not read.</summary>
    public int Available => _socket.Available;

    /// <summary>Of this end.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _socket.SendAsync(bytes);

    /// <summary>Sends until nobody has taken anything for a moment; returns how many bytes that were.</summary>
    public int SendUntilFull(byte[] bytes)
    {
        _socket.Blocking = false;
        var sent = 0;
        while (sent < bytes.Length && _socket.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectWrite))
            sent += _socket.Send(bytes, sent, Math.Min(bytes.Length - sent, 1 << 16), SocketFlags.None);
        return sent;
    }

    /// <summary>Sends no more, and still reads.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>The answer up to its blank line.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        using var patience = new CancellationTokenSource(TestHost.Patience);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _socket.ReceiveAsync(one, patience.Token) == 0) break;
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>So many bytes.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        using var patience = new CancellationTokenSource(TestHost.Patience);
        for (var read = 0; read < count;)
        {
            var more = await _socket.ReceiveAsync(bytes.AsMemory(read), patience.Token);
            if (more == 0) throw new EndOfStreamException();
            read += more;
        }

        return bytes;
    }

    /// <summary>All that comes until the server ends the connection, in whatever way.</summary>
    public async Task<string> ReadToEndAsync(Encoding? encoding = null)
    {
        using var all = new MemoryStream();
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(TestHost.Patience);
        try
        {
            while (await _socket.ReceiveAsync(buffer, patience.Token) is > 0 and var count) all.Write(buffer, 0, count);
        }
        catch (SocketException)
        {
            IsReset = true;
        }

        return (encoding ?? Encoding.UTF8).GetString(all.ToArray());
    }

    public ValueTask DisposeAsync()
    {
        if (_socket.SafeHandle.IsClosed) return default;
        // A reset, as of a peer that vanished.
        _socket.LingerState = new(true, 0);
        _socket.Dispose();
        return default;
    }
}
