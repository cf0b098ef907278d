using System.Runtime.InteropServices;
using System.Text;
using LoadGenerator;
using SocketIOServer.Epoll;

namespace LoadFlood;

/// <summary>One client over a WebSocket (Engine.IO 4).</summary>
internal sealed class Client
{
    private static readonly byte[] Join = Frames.Build("40");
    private static readonly byte[] Pong = Frames.Build("3");

    private byte[] _rest = [];
    private byte[] _toSend = [];
    private int _sent;
    private bool _isUpgraded;

    public Client(int port)
    {
        File = Tcp.Connect(port);
        Tcp.Send(File, Encoding.ASCII.GetBytes($"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
    }

    public int File { get; }

    /// <summary>Is in "/".</summary>
    public bool IsOpen { get; private set; }

    public bool IsClosed { get; private set; }

    public long Delivered { get; private set; }

    public void Flood(byte[] frame, int messages)
    {
        _toSend = new byte[frame.Length * messages];
        for (var i = 0; i < messages; i++) frame.CopyTo(_toSend, i * frame.Length);
    }

    /// <summary>As much as the kernel takes.</summary>
    public void SendMore()
    {
        if (_sent == _toSend.Length || IsClosed) return;
        var sent = Tcp.SendSome(File, _toSend.AsSpan(_sent));
        if (sent > 0) _sent += sent;
    }

    public void Read(byte[] buffer)
    {
        _rest.CopyTo(buffer, 0);
        var got = Tcp.ReceiveSome(File, buffer.AsSpan(_rest.Length));
        if (got < 0 && Marshal.GetLastPInvokeError() == Native.WouldBlock) return;
        if (got <= 0)
        {
            End();
            return;
        }

        ReadOnlySpan<byte> bytes = buffer.AsSpan(0, _rest.Length + got);
        if (!_isUpgraded)
        {
            var end = bytes.IndexOf("\r\n\r\n"u8);
            _isUpgraded = end >= 0;
            if (_isUpgraded) bytes = bytes[(end + 4)..];
        }

        while (_isUpgraded && Frames.TryRead(ref bytes, out var opcode, out var payload)) OnFrame(opcode, payload);
        _rest = bytes.IsEmpty || IsClosed ? [] : bytes.ToArray();
    }

    private void OnFrame(int opcode, ReadOnlySpan<byte> payload)
    {
        if (opcode == Frames.Close) End();
        else if (payload.StartsWith("42[\"bcast\""u8)) Delivered++;
        else if (payload.StartsWith("0{"u8)) Tcp.Send(File, Join);
        else if (payload.StartsWith("40{"u8)) IsOpen = true;
        else if (payload.SequenceEqual("2"u8)) Tcp.Send(File, Pong);
    }

    private void End()
    {
        if (IsClosed) return;
        IsClosed = true;
        _ = Native.Close(File);
    }
}
