using System.Runtime.InteropServices;

namespace LoadGenerator;

/// <summary>
/// The kernel calls of the hot path, and the clock of another process. Made directly because a generator on one thread needs nothing else of System.Net.Sockets,
/// whose asynchronous path asks the kernel twice for each message (a read that finds nothing, then the one after the wake-up).
/// </summary>
internal static partial class Native
{
    public const int WouldBlock = 11;
    public const int DoNotWait = 0x40;
    public const int NoSignal = 0x4000;
    public const int AddToPoll = 1;
    public const int Readable = 1;
    public const int Internet = 2;
    public const int Stream = 1;
    public const int TransportLevel = 6;
    public const int NoDelay = 1;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreatePoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlPoll(int poll, int operation, int file, ref byte pollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int WaitPoll(int poll, ref byte events, int capacity, int milliseconds);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, ref byte buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, ref byte buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int socket, ref byte address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int socket, int level, int name, ref int value, int length);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    public static partial int GetCpuClock(int process, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    public static partial int GetTime(int clock, out Time time);

    /// <summary>struct timespec</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct Time
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
