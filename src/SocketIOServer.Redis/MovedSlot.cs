using SocketIOServer.Cluster;

namespace SocketIOServer.Redis;

/// <summary>The messages for a slot that has just moved to another master. They wait until the subscribers have moved too. Any thread.</summary>
internal sealed class MovedSlot
{
    private readonly Lock _gate = new();
    private List<(long Number, BusMessage Message)> _held = [];
    private bool _isClosed;

    /// <summary>False: the slot is served again, and nothing is held.</summary>
    public bool TryAdd(long number, in BusMessage message)
    {
        lock (_gate)
        {
            if (_isClosed) return false;
            _held.Add((number, message));
            return true;
        }
    }

    /// <summary>What was held, in the order of publication. Null: nothing was, and from now on nothing is.</summary>
    public List<(long Number, BusMessage Message)>? TakeOrClose()
    {
        lock (_gate)
        {
            if (_held.Count == 0)
            {
                _isClosed = true;
                return null;
            }

            var taken = _held;
            _held = [];
            // Answers of Redis that say that the slot has moved are read on several threads.
            taken.Sort(static (a, b) => a.Number.CompareTo(b.Number));
            return taken;
        }
    }
}
