using System.Net.Sockets;
using System.Text;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>A bare TCP connection: what no proper HTTP client would send, or when it would not.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var raw = new RawConnection();
        await raw._socket.ConnectAsync(address.Host, address.Port);
        return raw;
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.UTF8.GetBytes(text));

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

    /// <summary>All that comes until the server ends the connection, in whatever way.</summary>
    public async Task<string> ReadToEndAsync()
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
            // A reset is an end too.
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }

    public ValueTask DisposeAsync()
    {
        // A reset, as of a peer that vanished.
        _socket.LingerState = new(true, 0);
        _socket.Dispose();
        return default;
    }
}
