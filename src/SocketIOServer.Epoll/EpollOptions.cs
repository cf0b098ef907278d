namespace SocketIOServer.Epoll;

/// <summary>Settings of the transport. Read once, when the server binds its first endpoint.</summary>
public sealed class EpollOptions
{
    /// <summary>Threads that read and write sockets. Default: one for each processor. At least 1.</summary>
    public int Loops { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// Whether middleware and handlers begin on the thread that read their bytes. Default: true, which saves a hop between threads for each
    /// message, and lets code that blocks hold up the other connections of that thread, until after at most 100 ms another thread takes over.
    /// False: on the thread pool.
    /// </summary>
    public bool RunInline { get; set; } = true;

    /// <summary>
    /// Bytes of one connection that may wait for the program before reading pauses; what one wake-up reads, up to 64 KiB, may come on top.
    /// Default: 1 MiB. At least 1.
    /// </summary>
    public long MaxReadBufferSize { get; set; } = 1024 * 1024;

    /// <summary>Bytes of one connection that may wait for the network before writing pauses. Default: 64 KiB. At least 1.</summary>
    public long MaxWriteBufferSize { get; set; } = 64 * 1024;

    /// <summary>Connections that the kernel may keep until they are accepted. Default: 512. At least 1.</summary>
    public int Backlog { get; set; } = 512;

    /// <summary>Sends small writes at once (TCP_NODELAY). Default: true.</summary>
    public bool NoDelay { get; set; } = true;
}
