using SocketIOServer.Adapters;

namespace SocketIOServer.Redis;

/// <summary>An event of a server of Python that asks for a callback: each answer of a socket of this process goes back to that server.</summary>
internal sealed class CallForPython(EncodedEvent @event, TimeSpan timeout, Action<ReadOnlyMemory<byte>, int> answer) : BroadcastCall(@event, timeout)
{
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private int _open;
    private bool _isAsking = true;

    /// <summary>All are asked. The answers are forgotten when the time is over.</summary>
    public void EndLater(TimeProvider time)
    {
        var timer = time.CreateTimer(static state => ((CallForPython)state!).End(), this, Timeout, System.Threading.Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            _isAsking = false;
            if (_open > 0)
            {
                _timer = timer;
                return;
            }
        }

        timer.Dispose();
    }

    public override void OnAsked(string socketId)
    {
        lock (_gate) _open++;
    }

    public override void OnAnswered(string socketId, ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        answer(json, attachments.Count);
        Close();
    }

    public override void OnLeft(string socketId) => Close();

    private void Close()
    {
        lock (_gate)
        {
            if (--_open > 0 || _isAsking) return;
        }

        _timer?.Dispose();
    }
}
