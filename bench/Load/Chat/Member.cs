using System.Net;
using System.Net.Sockets;
using System.Text;
using LoadGenerator;

namespace ChatLoad;

/// <summary>One tab of a user: a WebSocket with the user's cookie.</summary>
internal sealed class Member : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _rest = [];

    public Member(int number, int port, string cookie)
    {
        Number = number;
        _socket.ReceiveTimeout = 10_000;
        _socket.Connect(IPAddress.Loopback, port);
        _socket.Send(Encoding.ASCII.GetBytes($"GET /chat/socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\n"
            + $"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {cookie}\r\n\r\n"));
        ReadUpgrade();
    }

    public int Number { get; }

    public int File => (int)_socket.Handle;

    public void Send(string text) => Tcp.Send(File, Frames.Build(text));

    /// <summary>Reads once and gives every text to <paramref name="crowd"/>.</summary>
    public void Read(byte[] buffer, Crowd crowd)
    {
        if (!Tcp.TryReceive(File, _rest, buffer, out var bytes)) return;
        if (bytes.IsEmpty) throw new InvalidOperationException("The server closed a connection.");
        while (Frames.TryRead(ref bytes, out var opcode, out var text))
        {
            if (opcode != Frames.Text) throw new InvalidOperationException($"The server sent opcode {opcode}.");
            crowd.OnText(this, text);
        }

        _rest = bytes.IsEmpty ? [] : bytes.ToArray();
    }

    public void Dispose() => _socket.Dispose();

    // By single bytes: what follows the head is read as frames.
    private void ReadUpgrade()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (_socket.Receive(one) == 0) break;
            head.Append((char)one[0]);
        }

        if (!head.ToString().StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) throw new InvalidOperationException($"No upgrade: {head}");
    }
}
