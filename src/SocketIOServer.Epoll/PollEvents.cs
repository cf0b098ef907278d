using System.Runtime.InteropServices;

namespace SocketIOServer.Epoll;

/// <summary>An array of <c>struct epoll_event { uint32_t events; uint64_t data; }</c>, which is packed on x64 only.</summary>
internal sealed class PollEvents(int capacity)
{
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Size = DataAt + 8;

    private readonly byte[] _bytes = new byte[capacity * Size];

    public int Capacity => capacity;

    public ref byte First => ref MemoryMarshal.GetArrayDataReference(_bytes);

    public uint FlagsOf(int index) => MemoryMarshal.Read<uint>(_bytes.AsSpan(index * Size));

    /// <summary>As it was given to <see cref="Add"/>.</summary>
    public long DataOf(int index) => MemoryMarshal.Read<long>(_bytes.AsSpan(index * Size + DataAt));

    /// <summary>Asks <paramref name="poll"/> for <paramref name="flags"/> of a file.</summary>
    public static int Add(int poll, int file, uint flags, long data)
    {
        Span<byte> one = stackalloc byte[Size];
        MemoryMarshal.Write(one, flags);
        MemoryMarshal.Write(one[DataAt..], data);
        return Native.ControlPoll(poll, Native.Add, file, ref one[0]);
    }
}
