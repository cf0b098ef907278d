using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace LoadGenerator;

/// <summary>One client: a WebSocket that has joined the namespace "/", or a bare one.</summary>
internal sealed class Connection : IDisposable
{
    private static readonly byte[] JoinFrame = Frames.Build("40");
    private static readonly byte[] PongFrame = Frames.Build("3");

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly bool _isRaw;
    private byte[] _rest = [];

    /// <param name="port">Of the server, on this machine.</param>
    /// <param name="rawPath">Path of a bare WebSocket; null for Socket.IO 5 over Engine.IO 4, by WebSocket from the start.</param>
    public Connection(int port, string? rawPath)
    {
        _isRaw = rawPath is not null;
        _socket.ReceiveTimeout = 10_000;
        _socket.Connect(IPAddress.Loopback, port);
        var path = rawPath ?? "/socket.io/?EIO=4&transport=websocket";
        _socket.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        ReadUpgrade();
        if (_isRaw) return;
        ReadHandshake((byte)'0');           // engine.io-protocol v4, "Handshake": 0{"sid":...}
        Send(JoinFrame);
        ReadHandshake((byte)'4');           // socket.io-protocol v5, "Connection to a namespace": 40{"sid":...}
    }

    public int File => (int)_socket.Handle;

    /// <summary>When each message in flight was sent, a ring; <see cref="Received"/> tells which is next.</summary>
    public long[] SentAt { get; set; } = [];

    public long Received { get; set; }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        // What is in flight is far below any socket buffer, so a short write means that the server has stopped reading.
        var sent = Native.Send(File, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, Native.DoNotWait | Native.NoSignal);
        if (sent != bytes.Length) throw new InvalidOperationException($"Only {sent} of {bytes.Length} bytes could be sent.");
    }

    /// <summary>Reads once, answers pings and gives every message to <paramref name="scenario"/>.</summary>
    public void Read(byte[] buffer, Scenario scenario)
    {
        _rest.CopyTo(buffer, 0);
        var got = (int)Native.Receive(File, ref buffer[_rest.Length], (nuint)(buffer.Length - _rest.Length), Native.DoNotWait);
        if (got < 0 && Marshal.GetLastPInvokeError() == Native.WouldBlock) return;
        if (got <= 0) throw new InvalidOperationException("The server closed a connection.");
        ReadOnlySpan<byte> bytes = buffer.AsSpan(0, _rest.Length + got);
        while (Frames.TryRead(ref bytes, out var opcode, out var payload))
        {
            if (opcode == Frames.Text && !IsPing(payload)) scenario.OnMessage(this, payload);
            else if (opcode == Frames.Text) Send(PongFrame);
            else if (opcode == Frames.Ping) Send(Frames.Build(Frames.Pong, payload));
            else if (opcode != Frames.Pong) throw new InvalidOperationException($"The server sent opcode {opcode}.");
        }

        _rest = bytes.IsEmpty ? [] : bytes.ToArray();
    }

    public void Dispose() => _socket.Dispose();

    private bool IsPing(ReadOnlySpan<byte> payload) => !_isRaw && payload.Length == 1 && payload[0] == '2';

    private void ReadUpgrade()
    {
        var buffer = new byte[4096];
        var length = 0;
        int end;
        while ((end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0) length += ReadMore(buffer, length);
        if (!buffer.AsSpan().StartsWith("HTTP/1.1 101"u8)) throw new InvalidOperationException("No upgrade: " + Encoding.ASCII.GetString(buffer, 0, length));
        _rest = buffer[(end + 4)..length];
    }

    private void ReadHandshake(byte type)
    {
        var buffer = new byte[4096];
        _rest.CopyTo(buffer, 0);
        var length = _rest.Length;
        while (true)
        {
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, length);
            if (!Frames.TryRead(ref bytes, out _, out var payload))
            {
                length += ReadMore(buffer, length);
                continue;
            }

            if (payload[0] != type || payload.IndexOf("\"sid\""u8) < 0) throw new InvalidOperationException("No handshake: " + Encoding.UTF8.GetString(payload));
            _rest = bytes.ToArray();
            return;
        }
    }

    private int ReadMore(byte[] buffer, int at)
    {
        var got = _socket.Receive(buffer, at, buffer.Length - at, SocketFlags.None);
        return got > 0 ? got : throw new InvalidOperationException("The server closed the connection during the handshake.");
    }
}
