using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace SocketIOServer.EngineIO.Transports.WebSockets;

/// <summary>
/// One WebSocket: frames on the pipe of its connection (RFC 6455). One reader and one writer at a time. What is written goes out with the
/// next flush, many messages in one.
/// </summary>
internal sealed class WebSocketLink(PipeReader input, PipeWriter output, PipeScheduler sender, Action reset, EngineOptions options, bool isCompressed)
{
    public const ushort Normal = 1000;
    public const ushort GoingAway = 1001;
    public const ushort ProtocolError = 1002;
    public const ushort InvalidData = 1007;
    public const ushort TooBig = 1009;
    public const ushort InternalError = 1011;

    // Below it the frame grows more often than it shrinks.
    private const int CompressFrom = 1024;

    // Enough to fill packets, little enough that the pipe does not pause the writer before it is asked.
    private const int FlushFrom = 16 * 1024;

    private readonly MessageReader _messages = new(options, isCompressed);
    private long _written;

    public PipeReader Input => input;

    /// <summary>Where what is to be written is written best.</summary>
    public PipeScheduler Sender => sender;

    public MessageReader Messages => _messages;

    /// <summary>So much was written that it should go out before more is.</summary>
    public bool IsFull => _written >= FlushFrom;

    public bool IsWritten => _written > 0;

    /// <summary>A close frame was written: nothing may follow it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>What reading and writing throw where the connection has ended, or was reset.</summary>
    public static bool IsGone(Exception e) => e is OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException;

    /// <summary>Ends the connection now: what waits on it in either direction fails. Never throws.</summary>
    public void Reset() => reset();

    /// <summary>The client takes compressed messages, and one of so many bytes is worth it.</summary>
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

    /// <summary>False: nobody reads at the other end any more. Completes when the connection takes it.</summary>
    public ValueTask<FlushResult> FlushAsync(CancellationToken cancel = default)
    {
        _written = 0;
        return output.FlushAsync(cancel);
    }

    // A server's frames have no mask.
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
