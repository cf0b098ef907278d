using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace LoadGenerator;

/// <summary>One client, from its connect to the end.</summary>
internal abstract class Connection(Dialect dialect, int index) : IDisposable
{
    private int _step;

    /// <summary>Its place among the clients of the load.</summary>
    public int Index { get; } = index;

    public long CreatedAt { get; } = Stopwatch.GetTimestamp();

    public Stage Stage { get; protected set; }

    /// <summary>When each message in flight was sent, a ring; <see cref="Received"/> tells which is next.</summary>
    public long[] SentAt { get; set; } = [];

    public long Received { get; set; }

    /// <summary>What has come of a message whose end has not; for dialects that cut messages themselves.</summary>
    public byte[] Unfinished { get; set; } = [];

    protected Dialect Dialect { get; } = dialect;

    public abstract void Watch(Poller poller);

    public abstract void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Reads once from <paramref name="file"/>, which has something, and gives every message to <paramref name="scenario"/>.</summary>
    public abstract void Read(int file, byte[] buffer, Scenario scenario);

    public void OnMessage(int opcode, ReadOnlySpan<byte> payload, Scenario scenario)
    {
        switch (Stage)
        {
            case Stage.Open:
                scenario.OnMessage(this, opcode, payload);
                break;
            case Stage.Opening:
                if (!payload.StartsWith(Dialect.Opening[_step].Hear)) throw new InvalidDataException("No handshake: " + Encoding.UTF8.GetString(payload));
                _step++;
                SayNextStep();
                break;
            default:
                break;   // on its way when the client said goodbye
        }
    }

    /// <summary>Says goodbye; <see cref="Read"/> finds the end.</summary>
    public virtual void Close() => throw new NotSupportedException();

    public abstract void Dispose();

    protected void SayNextStep()
    {
        if (_step == Dialect.Opening.Count) Stage = Stage.Open;
        else if (Dialect.Opening[_step].Say is { Length: > 0 } say) Send(say);
    }

    /// <summary>Does not wait for the server: on loopback the kernel answers by itself, as long as the listener's queue has room.</summary>
    protected static int Connect(int port)
    {
        var file = Native.OpenSocket(Native.Internet, Native.Stream, 0);
        Span<byte> address = stackalloc byte[16];          // struct sockaddr_in
        address.Clear();
        BitConverter.TryWriteBytes(address, (ushort)Native.Internet);
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)port);
        BinaryPrimitives.WriteUInt32BigEndian(address[4..], 0x7f000001);
        var isOn = 1;
        if (file < 0 || Native.Connect(file, ref address[0], address.Length) != 0 || Native.SetOption(file, Native.Tcp, Native.NoDelay, ref isOn, sizeof(int)) != 0)
            throw new InvalidOperationException($"No connection: error {Marshal.GetLastPInvokeError()}.");
        return file;
    }

    protected static void Send(int file, ReadOnlySpan<byte> bytes)
    {
        // What is in flight is far below any socket buffer, so a short write means that the server has stopped reading.
        var sent = Native.Send(file, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, Native.DoNotWait | Native.NoSignal);
        if (sent != bytes.Length) throw new InvalidOperationException($"Only {sent} of {bytes.Length} bytes could be sent.");
    }

    /// <summary>What <paramref name="rest"/> holds and one read, in <paramref name="buffer"/>; false when there was nothing to read, empty at the end of the stream.</summary>
    protected static bool TryReceive(int file, ReadOnlySpan<byte> rest, byte[] buffer, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        rest.CopyTo(buffer);
        var got = (int)Native.Receive(file, ref buffer[rest.Length], (nuint)(buffer.Length - rest.Length), Native.DoNotWait);
        if (got > 0) bytes = buffer.AsSpan(0, rest.Length + got);
        if (got >= 0) return true;
        return Marshal.GetLastPInvokeError() == Native.WouldBlock ? false : throw new InvalidOperationException($"Reading failed with error {Marshal.GetLastPInvokeError()}.");
    }
}
