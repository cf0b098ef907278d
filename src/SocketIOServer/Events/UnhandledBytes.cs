namespace SocketIOServer.Events;

/// <summary>
/// Counts the bytes that one session has sent and the program has not handled yet, in all namespaces. The receive loop waits before the sum exceeds the limit; a
/// packet that is larger than the limit waits until it is the only one. Only the receive loop waits; any thread may add and remove.
/// </summary>
internal sealed class UnhandledBytes(long max)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _room;
    private long _bytes;
    private long _wanted;
    private bool _isClosed;

    public long Count => Volatile.Read(ref _bytes);

    public bool HasRoom(long bytes) => Volatile.Read(ref _bytes) is var count && (count <= 0 || count + bytes <= max);

    /// <summary>Completes when there is room for so many bytes more, or when the session has ended.</summary>
    public Task WaitAsync(long bytes)
    {
        lock (_gate)
        {
            if (_isClosed || HasRoom(bytes)) return Task.CompletedTask;
            _wanted = bytes;
            _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void Remove(long bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        Release(close: false);
    }

    /// <summary>The session has ended: nothing more is read, so nobody has to wait.</summary>
    public void Close() => Release(close: true);

    private void Release(bool close)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _isClosed |= close;
            room = _isClosed || HasRoom(_wanted) ? _room : null;
            if (room is not null) _room = null;
        }

        room?.TrySetResult();
    }
}
