using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SocketIOServer.Epoll;

namespace LoadGenerator;

/// <summary>
/// A TCP connection as the kernel gives it: a number. The calls are made directly because a generator on one thread needs nothing else of System.Net.Sockets,
/// whose asynchronous path asks the kernel twice for each message (a read that finds nothing, then the one after the wake-up).
/// </summary>
internal static partial class Tcp
{
    private const int Internet = 2;
    private const int Stream = 1;
    private const int DoNotWait = 0x40;

    /// <summary>Does not wait for the server: on loopback the kernel answers by itself, as long as the listener's queue has room.</summary>
    public static int Connect(int port)
    {
        var file = OpenSocket(Internet, Stream, 0);
        Span<byte> address = stackalloc byte[16];          // struct sockaddr_in
        address.Clear();
        BitConverter.TryWriteBytes(address, (ushort)Internet);
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)port);
        BinaryPrimitives.WriteUInt32BigEndian(address[4..], 0x7f000001);
        var isOn = 1;
        if (file < 0 || Connect(file, ref address[0], address.Length) != 0 || Native.SetOption(file, Native.TcpLevel, Native.NoDelay, ref isOn, sizeof(int)) != 0)
            throw new InvalidOperationException($"No connection: error {Marshal.GetLastPInvokeError()}.");
        return file;
    }

    public static void Send(int file, ReadOnlySpan<byte> bytes)
    {
        // What is in flight is far below any socket buffer, so a short write means that the server has stopped reading.
        var sent = SendSome(file, bytes);
        if (sent != bytes.Length) throw new InvalidOperationException($"Only {sent} of {bytes.Length} bytes could be sent.");
    }

    /// <summary>As many of them as the kernel takes; negative for an error.</summary>
    public static int SendSome(int file, ReadOnlySpan<byte> bytes) =>
        (int)Native.Send(file, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, DoNotWait | Native.NoSignal);

    /// <summary>What is there to read; 0 at the end of the stream, negative for an error, that there is nothing among them.</summary>
    public static int ReceiveSome(int file, Span<byte> buffer) =>
        (int)Native.Receive(file, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length, DoNotWait);

    /// <summary>What <paramref name="rest"/> holds and one read, in <paramref name="buffer"/>; false when there was nothing to read, empty at the end of the stream.</summary>
    public static bool TryReceive(int file, ReadOnlySpan<byte> rest, byte[] buffer, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        rest.CopyTo(buffer);
        var got = ReceiveSome(file, buffer.AsSpan(rest.Length));
        if (got > 0) bytes = buffer.AsSpan(0, rest.Length + got);
        if (got >= 0) return true;
        return Marshal.GetLastPInvokeError() == Native.WouldBlock ? false : throw new InvalidOperationException($"Reading failed with error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int socket, ref byte address, int length);
}
