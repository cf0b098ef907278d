using System.Buffers;

namespace SocketIOServer.Epoll;

/// <summary>A piece of what a connection has to say: filled by its writer, emptied by its sender, each with marks of its own.</summary>
internal sealed class Block(IMemoryOwner<byte>? owner, Memory<byte> memory)
{
    private int _end;
    private Block? _next;

    public Memory<byte> Memory => memory;

    /// <summary>The writer's: bytes written, flushed or not.</summary>
    public int Written { get; set; }

    /// <summary>The sender's: bytes sent.</summary>
    public int Sent { get; set; }

    /// <summary>Bytes that may be sent, for the sender to read.</summary>
    public int End
    {
        get => Volatile.Read(ref _end);
        set => Volatile.Write(ref _end, value);
    }

    /// <summary>The one behind it, for the sender to read; <see cref="End"/> is final once there is one.</summary>
    public Block? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>Too large for the pool, so it is made for one use.</summary>
    public bool IsSingle => owner is null;

    public void Clear() => (_next, _end, Written, Sent) = (null, 0, 0, 0);

    /// <summary>Gives the memory back to the pool.</summary>
    public void Free() => owner?.Dispose();
}
