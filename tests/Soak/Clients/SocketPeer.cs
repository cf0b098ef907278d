using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SocketIOServer.Soak.Clients;

/// <summary>
/// A WebSocket client of few bytes and few calls, so that thousands of them leave the machine to the server. It answers the
/// server's pings while it reads. Text frames only.
/// </summary>
internal sealed class SocketPeer : IAsyncDisposable
{
    private const int CloseFrame = 8;
    private const int MaxBuffer = 1 << 16;

    private static readonly byte[] Mask = [0x37, 0xfa, 0x21, 0x3d];

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[256];
    private int _start;
    private int _end;

    /// <summary>Pings that came, of the server.</summary>
    public int Pings { get; private set; }

    /// <summary>The code of the close frame, if one came.</summary>
    public int? CloseCode { get; private set; }

    /// <param name="address">Of the server, or of a proxy before it.</param>
    /// <param name="sid">Of the session that this is the probe of; null: a session of its own.</param>
    /// <param name="from">Where to connect from, of the loopback.</param>
    /// <param name="eio">The revision.</param>
    /// <param name="receiveBuffer">Bytes that the system keeps for a client that does not read; null: its default.</param>
    public static async Task<SocketPeer> OpenAsync(Uri address, string? sid = null, IPAddress? from = null, int eio = 4, int? receiveBuffer = null)
    {
        var peer = new SocketPeer();
        if (receiveBuffer is { } bytes) peer._socket.ReceiveBufferSize = bytes;
        if (from is not null) peer._socket.Bind(new IPEndPoint(from, 0));
        using var patience = new CancellationTokenSource(Limits.Patience);
        await peer._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port), patience.Token);
        await peer.SendRawAsync(Encoding.ASCII.GetBytes(Request(address, sid, eio)));
        await peer.ReadHeadAsync();
        return peer;
    }

    /// <summary>The request that asks for a WebSocket.</summary>
    public static string Request(Uri address, string? sid, int eio = 4) =>
        $"GET /socket.io/?EIO={eio}&transport=websocket{(sid is null ? "" : "&sid=" + sid)} HTTP/1.1\r\nHost: {address.Authority}\r\nUpgrade: websocket\r\n" +
        "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    /// <summary>Opens a session of its own and joins "/".</summary>
    public static async Task<SocketPeer> JoinAsync(Uri address, IPAddress? from = null, int? receiveBuffer = null)
    {
        var peer = await OpenAsync(address, from: from, receiveBuffer: receiveBuffer);
        await peer.SendAsync("40");
        await peer.ReadUntilAsync("40");
        return peer;
    }

    public async Task SendAsync(string text) => await SendRawAsync(Frame(text));

    /// <summary>Bytes as they are.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes) => await _socket.SendAsync(bytes);

    /// <summary>A masked text frame.</summary>
    public static byte[] Frame(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        var head = payload.Length < 126 ? 2 : 4;
        var frame = new byte[head + Mask.Length + payload.Length];
        frame[0] = 0x81;
        frame[1] = (byte)(0x80 | (head == 2 ? payload.Length : 126));
        if (head == 4) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        Mask.CopyTo(frame, head);
        for (var i = 0; i < payload.Length; i++) frame[head + Mask.Length + i] = (byte)(payload[i] ^ Mask[i & 3]);
        return frame;
    }

    /// <summary>The next text; null at the end, of whatever kind.</summary>
    public async ValueTask<string?> ReadAsync() => await ReadFrameAsync() is { } frame ? Encoding.UTF8.GetString(frame.Span) : null;

    /// <summary>Reads until a text that begins so, and drops what is before it.</summary>
    public async Task<string> ReadUntilAsync(string beginning)
    {
        while (true)
        {
            var text = await ReadAsync() ?? throw new BrokenPromiseException($"The connection ended before {beginning} came.");
            if (text.StartsWith(beginning, StringComparison.Ordinal)) return text;
        }
    }

    /// <summary>The next text's bytes, valid until the next read; null at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadFrameAsync()
    {
        try
        {
            while (true)
            {
                if (!TryTakeFrame(out var opcode, out var payload))
                {
                    if (!await FillAsync()) return null;
                }
                else if (opcode == CloseFrame)
                {
                    CloseCode = payload.Length < 2 ? null : BinaryPrimitives.ReadUInt16BigEndian(payload.Span);
                    return null;
                }
                else if (payload.Span.SequenceEqual("2"u8))
                {
                    Pings++;
                    await SendAsync("3");
                }
                else return payload;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Reads to the end and drops what comes, as an idle client does.</summary>
    public async Task ReadToEndAsync()
    {
        while (await ReadFrameAsync() is not null)
        {
        }
    }

    public void Reset()
    {
        _socket.LingerState = new(true, 0);
        _socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return default;
    }

    private async Task ReadHeadAsync()
    {
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var head = Encoding.ASCII.GetString(_buffer, _start, end);
                if (!head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) throw new BrokenPromiseException("No WebSocket: " + head);
                _start += end + 4;
                return;
            }

            if (!await FillAsync()) throw new BrokenPromiseException("The connection ended before the server answered.");
        }
    }

    private bool TryTakeFrame(out int opcode, out ReadOnlyMemory<byte> payload)
    {
        (opcode, payload) = (0, default);
        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (bytes.Length < 2) return false;
        var head = bytes[1] switch { 126 => 4, 127 => 10, _ => 2 };
        if (bytes.Length < head) return false;
        var length = head switch { 2 => bytes[1], 4 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), _ => (int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]) };
        if (bytes.Length < head + length) return false;
        opcode = bytes[0] & 0x0f;
        payload = _buffer.AsMemory(_start + head, length);
        _start += head + length;
        return true;
    }

    // False: the server has ended the connection.
    private async ValueTask<bool> FillAsync()
    {
        if (_start == _end) _start = _end = 0;
        if (_end == _buffer.Length && _start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }

        // Where much comes, a larger buffer saves calls; one that idles keeps its small one.
        if (_end == _buffer.Length || _start == 0 && _end > 0 && _buffer.Length < MaxBuffer) Array.Resize(ref _buffer, _buffer.Length * 4);
        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_end));
        _end += count;
        return count > 0;
    }
}
