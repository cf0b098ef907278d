using System.Runtime.InteropServices;

namespace SocketIOServer.Epoll;

/// <summary>An array of <c>struct epoll_event { uint32_t events; uint64_t data; }</c>.</summary>
internal sealed class PollEvents(int capacity)
{
    private static readonly int DataAt = DataOn(RuntimeInformation.ProcessArchitecture);
    private static readonly int Size = DataAt + 8;

    private readonly byte[] _bytes = new byte[capacity * Size];

    public int Capacity => capacity;

    /// <summary>
    /// The offset of the data. The struct is packed on x64 (&lt;bits/epoll.h&gt;), and 32-bit x86 aligns 64-bit numbers to four bytes. All other processors,
    /// including 32-bit ARM, align them to eight.
    /// </summary>
    public static int DataOn(Architecture processor) => processor is Architecture.X64 or Architecture.X86 ? 4 : 8;

    public ref byte First => ref MemoryMarshal.GetArrayDataReference(_bytes);

    public uint FlagsOf(int index) => MemoryMarshal.Read<uint>(_bytes.AsSpan(index * Size));

    /// <summary>The data that was passed to <see cref="Add"/>.</summary>
    public long DataOf(int index) => MemoryMarshal.Read<long>(_bytes.AsSpan(index * Size + DataAt));

    /// <summary>Asks <paramref name="poll"/> to report <paramref name="flags"/> of a file.</summary>
    public static int Add(int poll, int file, uint flags, long data)
    {
        Span<byte> one = stackalloc byte[Size];
        MemoryMarshal.Write(one, flags);
        MemoryMarshal.Write(one[DataAt..], data);
        return Native.ControlPoll(poll, Native.Add, file, ref one[0]);
    }
}
