using System.IO.Pipelines;
using System.Runtime.InteropServices;

namespace SocketIOServer.Epoll;

/// <summary>
/// The output of a connection. The thread that flushes also sends, without a change of threads. If the kernel has no room, the loop sends the rest later.
/// Memory is held only while it contains unsent bytes.
/// </summary>
/// <remarks>
/// One thread at a time writes, as with any pipe, and one thread at a time sends: if a thread is sending, <see cref="Send"/> leaves the work to it. The blocks
/// are a list. The last one belongs to the writer, the others to the sender. A writer that sends can return the last one too.
/// </remarks>
internal sealed class EpollOutput(EpollConnection connection, int file, EpollLoop loop) : PipeWriter
{
    private Block? _first;
    private Block? _last;
    private long _unflushed;
    private long _flushed;
    private long _sent;
    private int _turns;           // requested and not taken yet
    private bool _isBlocked;      // the kernel had no room
    private bool _isCompleted;    // the writer has completed
    private bool _isEnded;        // the connection has ended
    private bool _isOver;         // nothing uses the file any more
    private bool _isCanceled;
    private TaskCompletionSource? _room;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    private bool IsPaused => _flushed - Volatile.Read(ref _sent) >= loop.MaxWriteBufferSize;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfCompleted();
        var last = _last;
        if (last is null || last.Memory.Length - last.Written < Math.Max(1, sizeHint)) last = Append(sizeHint);
        return last.Memory[last.Written..];
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (bytes == 0) return;
        // The block might already belong to another connection.
        ThrowIfCompleted();
        if (_last is not { } last || (uint)bytes > (uint)(last.Memory.Length - last.Written)) throw new ArgumentOutOfRangeException(nameof(bytes));
        last.Written += bytes;
        _unflushed += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        if (!_isCompleted) Commit();
        Send(isWriter: true);
        if (IsPaused && !Volatile.Read(ref _isEnded)) return WaitAsync(cancellationToken);
        return new(new FlushResult(Interlocked.Exchange(ref _isCanceled, false), Volatile.Read(ref _isEnded)));
    }

    public override void CancelPendingFlush()
    {
        Volatile.Write(ref _isCanceled, true);
        Interlocked.Exchange(ref _room, null)?.TrySetResult();
    }

    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted) return;
        Commit();
        if (exception is not null) connection.End(exception);
        Volatile.Write(ref _isCompleted, true);
        Send(isWriter: true);
    }

    /// <summary>Called on the loop when the kernel might have room.</summary>
    public void OnWritable()
    {
        if (Volatile.Read(ref _isBlocked)) Send(isWriter: false);
    }

    /// <summary>
    /// Called on the loop to stop sending. <see cref="EpollConnection.OnOutputOver"/> is called when the thread that is sending now has finished.
    /// </summary>
    public void End()
    {
        Volatile.Write(ref _isEnded, true);
        Send(isWriter: false);
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted) throw new InvalidOperationException("The output of this connection is already completed.");
    }

    private Block Append(int size)
    {
        var block = loop.Blocks.Rent(size);
        if (_last is { } last)
        {
            // The sender can send it before the flush, because written bytes cannot be taken back.
            last.End = last.Written;
            last.Next = block;
        }
        else
        {
            Volatile.Write(ref _first, block);
        }

        return _last = block;
    }

    private void Commit()
    {
        if (_last is { } last) last.End = last.Written;
        Volatile.Write(ref _flushed, _flushed + _unflushed);
        _unflushed = 0;
    }

    // Sends once for each request, on one thread at a time. Requests of other threads in the meantime are handled by the thread that is sending.
    private void Send(bool isWriter)
    {
        var turns = Interlocked.Increment(ref _turns);
        if (turns > 1) return;
        do
        {
            TakeTurn(isWriter);
            turns = Interlocked.Add(ref _turns, -turns);
        }
        while (turns > 0);
    }

    private void TakeTurn(bool isWriter)
    {
        // Read first: bytes that are written before the completion can arrive while the rest is sent, and then have a turn of their own.
        var isLast = Volatile.Read(ref _isCompleted);
        if (Volatile.Read(ref _isEnded))
        {
            Drop();
        }
        else if (TrySendAll() && isLast)
        {
            connection.End(null);
        }

        // If the output is completed, there is no writer any more.
        if ((isWriter || Volatile.Read(ref _isCompleted)) && _first is { Next: null } last && (last.Sent == last.Written || _isOver))
        {
            _first = _last = null;
            loop.Blocks.Return(last);
        }

        if (Volatile.Read(ref _room) is not null && (_isOver || Volatile.Read(ref _flushed) - _sent <= loop.MaxWriteBufferSize / 2))
            Interlocked.Exchange(ref _room, null)?.TrySetResult();
    }

    // Returns false if the kernel has no room or the connection is broken.
    private bool TrySendAll()
    {
        while (Volatile.Read(ref _first) is { } block)
        {
            // Read before End, which is final if there is a next block.
            var next = block.Next;
            var end = block.End;
            if (block.Sent < end)
            {
                // The blocks of a long message fill TCP packets together.
                var flags = next is { End: > 0 } ? Native.NoSignal | Native.More : Native.NoSignal;
                if (!TrySend(block, end, flags)) return false;
            }
            else if (next is not null)
            {
                _first = next;
                loop.Blocks.Return(block);
            }
            else
            {
                break;
            }
        }

        return true;
    }

    private bool TrySend(Block block, int end, int flags)
    {
        while (true)
        {
            var bytes = block.Memory.Span[block.Sent..end];
            var sent = (int)Native.Send(file, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, flags);
            if (sent >= 0)
            {
                block.Sent += sent;
                Volatile.Write(ref _sent, _sent + sent);
                _isBlocked = false;
                return true;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == Native.Interrupted) continue;
            if (error != Native.WouldBlock)
            {
                connection.End(EpollConnection.Failure(error));
                return false;
            }

            if (_isBlocked) return false;
            // Tries once more, because the kernel might have reported room before the flag was set.
            Volatile.Write(ref _isBlocked, true);
            Interlocked.MemoryBarrier();
        }
    }

    // Drops all blocks except the writer's.
    private void Drop()
    {
        while (_first is { Next: { } next } block)
        {
            _first = next;
            loop.Blocks.Return(block);
        }

        if (_isOver) return;
        _isOver = true;
        connection.OnOutputOver();
    }

    private async ValueTask<FlushResult> WaitAsync(CancellationToken cancel)
    {
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _room, room);
        // A thread that made room in the meantime did not see that this one waits.
        Send(isWriter: true);
        if (Volatile.Read(ref _isCanceled)) room.TrySetResult();
        await room.Task.WaitAsync(cancel).ConfigureAwait(false);
        return new(Interlocked.Exchange(ref _isCanceled, false), Volatile.Read(ref _isEnded));
    }
}
