namespace SocketIOServer.Testing;

/// <summary>The events that one client received, and the tests that wait for one. Each event is taken once.</summary>
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

    /// <summary>Takes the first event with this name that was not taken yet, or waits for one.</summary>
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
            // The event arrived, or the client left, at the moment when the wait ended.
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
