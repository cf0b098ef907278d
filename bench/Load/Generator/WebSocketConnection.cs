using System.Text;
using SocketIOServer.Epoll;

namespace LoadGenerator;

/// <summary>One client over a WebSocket.</summary>
internal sealed class WebSocketConnection : Connection
{
    private static readonly byte[] CloseFrame = Frames.Build(Frames.Close, []);

    private readonly int _file;
    private byte[] _rest = [];
    private bool _isUpgraded;
    private bool _isCloseAnswered;

    public WebSocketConnection(Dialect dialect, int index, int port, string path)
        : base(dialect, index)
    {
        _file = Tcp.Connect(port);
        Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
    }

    public override void Watch(Poller poller) => poller.Add(_file, Index);

    public override void Send(ReadOnlySpan<byte> bytes) => Tcp.Send(_file, bytes);

    public override void Read(int file, byte[] buffer, Scenario scenario)
    {
        if (!Tcp.TryReceive(_file, _rest, buffer, out var bytes)) return;
        if (bytes.IsEmpty)
        {
            Stage = _isCloseAnswered ? Stage.Ended : throw new InvalidOperationException("The server closed a connection.");
            return;
        }

        if (_isUpgraded || TryUpgrade(ref bytes))
        {
            while (Frames.TryRead(ref bytes, out var opcode, out var payload)) OnFrame(opcode, payload, scenario);
        }

        _rest = bytes.IsEmpty ? [] : bytes.ToArray();
    }

    public override void Close()
    {
        Send(CloseFrame);
        Stage = Stage.Closing;
    }

    public override void Dispose() => _ = Native.Close(_file);

    private void OnFrame(int opcode, ReadOnlySpan<byte> payload, Scenario scenario)
    {
        switch (opcode)
        {
            case Frames.Text or Frames.Binary or Frames.Continuation:
                Dialect.Receive(this, opcode, payload, scenario);
                break;
            case Frames.Ping:
                Send(Frames.Build(Frames.Pong, payload));
                break;
            case Frames.Pong:
                break;
            case Frames.Close when Stage == Stage.Closing:
                _isCloseAnswered = true;             // and now the server ends the stream, RFC 6455, 7.1.1
                break;
            default:
                throw new InvalidOperationException($"The server sent opcode {opcode}.");
        }
    }

    private bool TryUpgrade(ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;

        // The answer to the one key that all clients send (RFC 6455, 1.3).
        if (!bytes.StartsWith("HTTP/1.1 101"u8) || bytes[..end].IndexOf("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="u8) < 0)
            throw new InvalidDataException("No upgrade: " + Encoding.ASCII.GetString(bytes));
        bytes = bytes[(end + 4)..];
        _isUpgraded = true;
        SayNextStep();
        return true;
    }
}
