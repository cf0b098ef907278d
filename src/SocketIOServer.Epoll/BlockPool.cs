using System.Buffers;

namespace SocketIOServer.Epoll;

/// <summary>The memory for the outputs of a loop's connections. All members can be used from any thread.</summary>
internal sealed class BlockPool(MemoryPool<byte> pool)
{
    // The block size of Kestrel's pool.
    private const int BlockSize = 4096;

    // The block that was used last, because it is still in the processor's cache.
    private Block? _spare;

    /// <summary>Returns a block with at least this many bytes.</summary>
    public Block Rent(int size)
    {
        if (size > BlockSize) return new(null, new byte[size]);
        if (Interlocked.Exchange(ref _spare, null) is { } spare) return spare;
        var owner = pool.Rent(BlockSize);
        return new(owner, owner.Memory);
    }

    public void Return(Block block)
    {
        if (block.IsSingle) return;
        block.Clear();
        if (Interlocked.CompareExchange(ref _spare, block, null) is not null) block.Free();
    }
}
