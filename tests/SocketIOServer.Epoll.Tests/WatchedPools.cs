using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace SocketIOServer.Epoll.Tests;

/// <summary>Pools that find out who writes into a block that was given back, or gives one back twice.</summary>
internal sealed class WatchedPools : IMemoryPoolFactory<byte>
{
    private const int BlockSize = 4096;

    // A mark that nobody writes by chance all over a block.
    private const byte Free = 0xdb;

    private int _rented;
    private int _misused;

    /// <summary>Blocks that somebody has.</summary>
    public int Rented => Volatile.Read(ref _rented);

    public int Misused => Volatile.Read(ref _misused);

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new WatchedPool(this);

    private sealed class WatchedPool(WatchedPools pools) : MemoryPool<byte>
    {
        private readonly ConcurrentStack<byte[]> _free = new();

        public override int MaxBufferSize => BlockSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            Interlocked.Increment(ref pools._rented);
            if (!_free.TryPop(out var block)) block = new byte[BlockSize];
            else if (block.AsSpan().ContainsAnyExcept(Free)) Interlocked.Increment(ref pools._misused);
            return new Owner(this, block);
        }

        protected override void Dispose(bool disposing)
        {
        }

        private void Return(byte[] block)
        {
            block.AsSpan().Fill(Free);
            Interlocked.Decrement(ref pools._rented);
            _free.Push(block);
        }

        private void OnReturnedTwice() => Interlocked.Increment(ref pools._misused);

        private sealed class Owner(WatchedPool pool, byte[] block) : IMemoryOwner<byte>
        {
            private int _isReturned;

            public Memory<byte> Memory => block;

            public void Dispose()
            {
                if (Interlocked.Exchange(ref _isReturned, 1) == 0) pool.Return(block);
                else pool.OnReturnedTwice();
            }
        }
    }
}
