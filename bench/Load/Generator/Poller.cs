using System.Runtime.InteropServices;

namespace LoadGenerator;

/// <summary>Tells which connections have something to read (epoll, level-triggered: what one read leaves is reported again).</summary>
internal sealed class Poller
{
    private const int Capacity = 512;

    // struct epoll_event { uint32_t events; uint64_t data; } is packed on x64 only.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Size = DataAt + 8;

    private readonly byte[] _events = new byte[Capacity * Size];
    private readonly int _poll = Native.CreatePoll(0);

    /// <summary>Watches <paramref name="file"/> until it is closed.</summary>
    public void Add(int file, int index)
    {
        Span<byte> one = stackalloc byte[Size];
        MemoryMarshal.Write(one, Native.Readable);
        MemoryMarshal.Write(one[DataAt..], ((long)file << 32) | (uint)index);
        if (Native.ControlPoll(_poll, Native.AddToPoll, file, ref one[0]) != 0)
            throw new InvalidOperationException($"epoll_ctl failed with error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>How many connections are readable; 0 when none became so in time.</summary>
    public int Wait(int milliseconds) => Math.Max(0, Native.WaitPoll(_poll, ref _events[0], Capacity, milliseconds));

    public int IndexOf(int ready) => (int)DataOf(ready);

    public int FileOf(int ready) => (int)(DataOf(ready) >> 32);

    private long DataOf(int ready) => MemoryMarshal.Read<long>(_events.AsSpan(ready * Size + DataAt));
}
