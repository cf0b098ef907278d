using System.IO.Pipelines;
using System.Runtime.InteropServices;

namespace SocketIOServer.Epoll;

/// <summary>
/// What a connection has to say. The thread that flushes sends, without a hop; what the kernel has no room for is sent by the loop later.
/// Memory is held only while there is something unsent in it.
/// </summary>
/// <remarks>
/// One thread at a time writes, as with any pipe, and one sends: <see cref="Send"/> leaves the work to whoever is at it already. The blocks
/// are a list. Its last one is the writer's, those before it are the sender's, and a writer that sends itself may give back the last one too.
/// </remarks>
internal sealed class EpollOutput(EpollConnection connection, int file, EpollLoop loop) : PipeWriter
{
    private Block? _first;
    private Block? _last;
    private long _unflushed;
    private long _flushed;
    private long _sent;
    private int _turns;           // asked for and not taken yet
    private bool _isBlocked;      // the kernel had no room
    private bool _isCompleted;    // by the writer
    private bool _isEnded;        // by the connection
    private bool _isOver;         // nobody touches the file any more
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
        // The block may be another connection's already.
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

    /// <summary>On the loop: there may be room.</summary>
    public void OnWritable()
    {
        if (Volatile.Read(ref _isBlocked)) Send(isWriter: false);
    }

    /// <summary>On the loop: nothing is sent any more. <see cref="EpollConnection.OnOutputOver"/> follows, once whoever sends now is done.</summary>
    public void End()
    {
        Volatile.Write(ref _isEnded, true);
        Send(isWriter: false);
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted) throw new InvalidOperationException("The output of this connection was completed.");
    }

    private Block Append(int size)
    {
        var block = loop.Blocks.Rent(size);
        if (_last is { } last)
        {
            // It may leave before it is flushed: nothing can take it back.
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

    // As often as it is asked for, by one thread at a time: what another asks for meanwhile, the one at it sees to.
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
        // Read first: what is written before the end may come while the rest is sent, and then has a turn of its own.
        var isLast = Volatile.Read(ref _isCompleted);
        if (Volatile.Read(ref _isEnded))
        {
            Drop();
        }
        else if (TrySendAll() && isLast)
        {
            connection.End(null);
        }

        // Completed: there is no writer any more.
        if ((isWriter || Volatile.Read(ref _isCompleted)) && _first is { Next: null } last && (last.Sent == last.Written || _isOver))
        {
            _first = _last = null;
            loop.Blocks.Return(last);
        }

        if (Volatile.Read(ref _room) is not null && (_isOver || Volatile.Read(ref _flushed) - _sent <= loop.MaxWriteBufferSize / 2))
            Interlocked.Exchange(ref _room, null)?.TrySetResult();
    }

    // False: the kernel has no room, or the connection is broken.
    private bool TrySendAll()
    {
        while (Volatile.Read(ref _first) is { } block)
        {
            // Read before the end, which is final if there is one.
            var next = block.Next;
            var end = block.End;
            if (block.Sent < end)
            {
                // The blocks of a long message fill packets together.
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
            // Once more: the kernel may have told the loop of room before the loop could know that anybody waits for it.
            Volatile.Write(ref _isBlocked, true);
            Interlocked.MemoryBarrier();
        }
    }

    // All but the writer's.
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
        // Whoever made room meanwhile did not see that it is waited for.
        Send(isWriter: true);
        if (Volatile.Read(ref _isCanceled)) room.TrySetResult();
        await room.Task.WaitAsync(cancel).ConfigureAwait(false);
        return new(Interlocked.Exchange(ref _isCanceled, false), Volatile.Read(ref _isEnded));
    }
}
