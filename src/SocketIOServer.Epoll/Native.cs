using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SocketIOServer.Epoll;

/// <summary>
/// The system calls (man 7 epoll, man 2 eventfd). Errors are return values, because the hot path gets one each time that everything was read.
/// </summary>
internal static partial class Native
{
    // The comment behind each number is its name in C: <bits/socket.h>, <sys/epoll.h>, <sys/eventfd.h>, <asm-generic/errno.h>, <netinet/tcp.h>.
    public const int NoSignal = 0x4000;             // MSG_NOSIGNAL
    public const int More = 0x8000;                 // MSG_MORE
    public const int CloseOnExec = 0x80000;         // EPOLL_CLOEXEC, EFD_CLOEXEC, SOCK_CLOEXEC
    public const int NonBlocking = 0x800;           // EFD_NONBLOCK, SOCK_NONBLOCK

    public const int Add = 1;                       // EPOLL_CTL_ADD
    public const int Delete = 2;                    // EPOLL_CTL_DEL

    public const uint Readable = 0x1;               // EPOLLIN
    public const uint Writable = 0x4;               // EPOLLOUT
    public const uint Failed = 0x8;                 // EPOLLERR
    public const uint HungUp = 0x10;                // EPOLLHUP
    public const uint PeerEnded = 0x2000;           // EPOLLRDHUP
    public const uint EdgeTriggered = 0x80000000;   // EPOLLET

    public const int Interrupted = 4;               // EINTR
    public const int WouldBlock = 11;               // EAGAIN
    public const int TooManyFilesHere = 24;         // EMFILE
    public const int TooManyFiles = 23;             // ENFILE
    public const int NoMemory = 12;                 // ENOMEM
    public const int NoBuffers = 105;               // ENOBUFS

    public const int Both = 2;                      // SHUT_RDWR
    public const int SocketLevel = 1;               // SOL_SOCKET
    public const int Linger = 13;                   // SO_LINGER
    public const int TcpLevel = 6;                  // IPPROTO_TCP
    public const int NoDelay = 1;                   // TCP_NODELAY

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreatePoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlPoll(int poll, int operation, int file, ref byte pollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int WaitPoll(int poll, ref byte events, int capacity, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int CreateEvent(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, ref ulong value, nuint size);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, ref ulong value, nuint size);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int socket, ref byte address, ref uint size, int flags);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetName(int socket, ref byte address, ref uint size);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int socket, int level, int name, ref int value, uint size);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, ref byte buffer, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, ref byte buffer, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int socket, int how);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int file);

    /// <summary>Makes the close a reset. Unsent data is dropped.</summary>
    public static void ResetOnClose(int socket)
    {
        // struct linger { int l_onoff; int l_linger; }
        Span<int> linger = [1, 0];
        SetOption(socket, SocketLevel, Linger, ref linger[0], 2 * sizeof(int));
    }
}
