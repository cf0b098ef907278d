using System.Runtime.InteropServices;
using SocketIOServer.Epoll;

namespace LoadGenerator;

/// <summary>Tells which connections have something to read (epoll, level-triggered: what one read leaves is reported again).</summary>
internal sealed class Poller
{
    private readonly PollEvents _events = new(capacity: 512);
    private readonly int _poll = Native.CreatePoll(0);

    /// <summary>Watches <paramref name="file"/> until it is closed.</summary>
    public void Add(int file, int index)
    {
        if (PollEvents.Add(_poll, file, Native.Readable, ((long)file << 32) | (uint)index) != 0)
            throw new InvalidOperationException($"epoll_ctl failed with error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>How many connections are readable; 0 when none became so in time.</summary>
    public int Wait(int milliseconds) => Math.Max(0, Native.WaitPoll(_poll, ref _events.First, _events.Capacity, milliseconds));

    public int IndexOf(int ready) => (int)_events.DataOf(ready);

    public int FileOf(int ready) => (int)(_events.DataOf(ready) >> 32);
}
