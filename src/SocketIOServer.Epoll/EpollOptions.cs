namespace SocketIOServer.Epoll;

/// <summary>The settings of the epoll transport. They are read once, when the server binds its first endpoint.</summary>
public sealed class EpollOptions
{
    /// <summary>The number of threads that read and write sockets. Default: one for each processor. At least 1.</summary>
    public int Loops { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// Whether middleware and handlers start on the thread that read their bytes. Default true: this saves a change of threads for each message. Code that
    /// blocks then delays the other connections of that thread until another thread takes over, after at most 100 ms. False: they start on the thread pool.
    /// </summary>
    public bool RunInline { get; set; } = true;

    /// <summary>
    /// How many received bytes of one connection can wait for the application before the transport stops reading. Bytes that are read at once, up to 64 KiB,
    /// can exceed it. Default 1 MiB. At least 1.
    /// </summary>
    public long MaxReadBufferSize { get; set; } = 1024 * 1024;

    /// <summary>How many bytes of one connection can wait for the network before a flush waits. Default 64 KiB. At least 1.</summary>
    public long MaxWriteBufferSize { get; set; } = 64 * 1024;

    /// <summary>How many connections the kernel can queue until they are accepted. Default 512. At least 1.</summary>
    public int Backlog { get; set; } = 512;

    /// <summary>Whether small writes are sent at once (TCP_NODELAY). Default true.</summary>
    public bool NoDelay { get; set; } = true;
}
