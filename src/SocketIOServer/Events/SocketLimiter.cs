using System.Threading.RateLimiting;

namespace SocketIOServer.Events;

/// <summary>Limits the events of one socket by a limiter of the program. Called in the lane, so by one thread at a time.</summary>
internal sealed class SocketLimiter
{
    private readonly RateLimiter _limiter;
    private readonly bool _isOwned;

    /// <summary>Throws what the program's function throws.</summary>
    public SocketLimiter(EventSocket socket, EventLimit limit)
    {
        _limiter = limit.Create(socket.Public) ?? throw new InvalidOperationException("LimitEvents was given no limiter.");
        _isOwned = !limit.IsShared;
    }

    /// <summary>Counts one event. Throws what the limiter throws.</summary>
    public bool TryAcquire()
    {
        (_limiter as ReplenishingRateLimiter)?.TryReplenish();
        using var lease = _limiter.AttemptAcquire();
        return lease.IsAcquired;
    }

    /// <summary>Disposes the limiter, after the last event has been handled.</summary>
    public void End(EventSocket socket)
    {
        if (_isOwned) UserCode.Dispose(_limiter, socket.Context, socket);
    }
}
