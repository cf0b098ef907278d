namespace SocketIOServer.Testing;

/// <summary>The events that came to one client, and those who wait for one. An event is taken once.</summary>
internal sealed class Inbox
{
    private readonly Lock _gate = new();
    private readonly List<SocketIOTestEvent> _received = [];
    private readonly List<SocketIOTestEvent> _untaken = [];
    private readonly List<Waiter> _waiters = [];
    private LeaveReason? _left;

    public IReadOnlyList<SocketIOTestEvent> Received
    {
        get
        {
            lock (_gate) return [.. _received];
        }
    }

    public IReadOnlyList<SocketIOTestEvent> Untaken
    {
        get
        {
            lock (_gate) return [.. _untaken];
        }
    }

    public void Add(SocketIOTestEvent received)
    {
        lock (_gate)
        {
            _received.Add(received);
            var index = _waiters.FindIndex(waiter => waiter.Name == received.Name);
            if (index < 0)
            {
                _untaken.Add(received);
                return;
            }

            _waiters[index].Source.SetResult(received);
            _waiters.RemoveAt(index);
        }
    }

    /// <summary>The first event of that name that was not taken, now or when it comes.</summary>
    public async Task<SocketIOTestEvent> TakeAsync(string name, TimeSpan timeout)
    {
        var waiter = new Waiter(name, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            var index = _untaken.FindIndex(received => received.Name == name);
            if (index >= 0)
            {
                var first = _untaken[index];
                _untaken.RemoveAt(index);
                return first;
            }

            if (_left is { } reason) throw new SocketDisconnectedException(reason);
            _waiters.Add(waiter);
        }

        try
        {
            return await waiter.Source.Task.WaitAsync(timeout);
        }
        catch (TimeoutException) when (!TryForget(waiter))
        {
            // It came, or the client left, while the wait ended.
            return await waiter.Source.Task;
        }
    }

    public void Leave(LeaveReason reason)
    {
        lock (_gate)
        {
            _left = reason;
            foreach (var waiter in _waiters) waiter.Source.SetException(new SocketDisconnectedException(reason));
            _waiters.Clear();
        }
    }

    private bool TryForget(Waiter waiter)
    {
        lock (_gate) return _waiters.Remove(waiter);
    }

    private sealed record Waiter(string Name, TaskCompletionSource<SocketIOTestEvent> Source);
}
