using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace SocketIOServer.EngineIO.Transports.WebSockets;

/// <summary>
/// One WebSocket: frames on the pipe of its connection (RFC 6455). There can be one reader and one writer at a time. Written messages are sent together by the
/// next flush.
/// </summary>
internal sealed class WebSocketLink(PipeReader input, PipeWriter output, PipeScheduler sender, Action reset, EngineOptions options, bool isCompressed)
{
    public const ushort Normal = 1000;
    public const ushort GoingAway = 1001;
    public const ushort ProtocolError = 1002;
    public const ushort InvalidData = 1007;
    public const ushort TooBig = 1009;
    public const ushort InternalError = 1011;

    // Below this size, compression more often makes the frame larger than smaller.
    private const int CompressFrom = 1024;

    // Large enough to fill TCP packets, and small enough that the pipe does not pause the writer before the flush.
    private const int FlushFrom = 16 * 1024;

    private readonly MessageReader _messages = new(options, isCompressed);
    private long _written;

    public PipeReader Input => input;

    /// <summary>The scheduler on which the send loop continues.</summary>
    public PipeScheduler Sender => sender;

    public MessageReader Messages => _messages;

    /// <summary>Whether so much was written that it should be flushed before more is written.</summary>
    public bool IsFull => _written >= FlushFrom;

    public bool IsWritten => _written > 0;

    /// <summary>Whether a close frame was written. Nothing may follow it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Returns true for the exceptions of reads and writes on a connection that has ended or was reset.</summary>
    public static bool IsGone(Exception e) => e is OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException;

    /// <summary>Ends the connection at once. Pending reads and writes fail. Never throws.</summary>
    public void Reset() => reset();

    /// <summary>Returns true if the client accepts compressed messages and compression is useful for this size.</summary>
    public bool Compresses(int bytes) => isCompressed && bytes >= CompressFrom;

    public void WriteMessage(ReadOnlySpan<byte> data, bool isBinary, bool isDeflated = false)
    {
        var opcode = isBinary ? Opcode.Binary : Opcode.Text;
        Write((byte)((isDeflated ? 0xc0 : 0x80) | (byte)opcode), data);
    }

    public void WritePong(ReadOnlySpan<byte> data) => Write(0x80 | (byte)Opcode.Pong, data);

    public void WriteClose(ushort code)
    {
        if (IsClosed) return;
        Span<byte> data = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(data, code);
        Write(0x80 | (byte)Opcode.Close, data);
        IsClosed = true;
    }

    /// <summary>Sends what was written. Completes when the connection accepts it. The result is completed if the client no longer reads.</summary>
    public ValueTask<FlushResult> FlushAsync(CancellationToken cancel = default)
    {
        _written = 0;
        return output.FlushAsync(cancel);
    }

    // Frames of a server have no mask.
    private void Write(byte first, ReadOnlySpan<byte> data)
    {
        var span = output.GetSpan(10);
        span[0] = first;
        var size = 2;
        if (data.Length < 126) span[1] = (byte)data.Length;
        else if (data.Length <= ushort.MaxValue)
        {
            span[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(span[2..], (ushort)data.Length);
            size = 4;
        }
        else
        {
            span[1] = 127;
            BinaryPrimitives.WriteUInt64BigEndian(span[2..], (ulong)data.Length);
            size = 10;
        }

        if (span.Length >= size + data.Length)
        {
            data.CopyTo(span[size..]);
            output.Advance(size + data.Length);
        }
        else
        {
            output.Advance(size);
            output.Write(data);
        }

        _written += size + data.Length;
    }
}
