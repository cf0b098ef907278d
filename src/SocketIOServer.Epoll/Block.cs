using System.Buffers;

namespace SocketIOServer.Epoll;

/// <summary>A block of a connection's output. The writer fills it and the sender empties it; each has its own position.</summary>
internal sealed class Block(IMemoryOwner<byte>? owner, Memory<byte> memory)
{
    private int _end;
    private Block? _next;

    public Memory<byte> Memory => memory;

    /// <summary>The writer's position: the number of bytes written, flushed or not.</summary>
    public int Written { get; set; }

    /// <summary>The sender's position: the number of bytes sent.</summary>
    public int Sent { get; set; }

    /// <summary>The number of bytes that can be sent. The sender reads it.</summary>
    public int End
    {
        get => Volatile.Read(ref _end);
        set => Volatile.Write(ref _end, value);
    }

    /// <summary>The next block. The sender reads it. When it is set, <see cref="End"/> is final.</summary>
    public Block? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>Whether the block is too large for the pool and is therefore used only once.</summary>
    public bool IsSingle => owner is null;

    public void Clear() => (_next, _end, Written, Sent) = (null, 0, 0, 0);

    /// <summary>Returns the memory to the pool.</summary>
    public void Free() => owner?.Dispose();
}
