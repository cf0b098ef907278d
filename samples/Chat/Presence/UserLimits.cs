using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using SocketIOServer;

namespace Chat.Presence;

/// <summary>One allowance of events for all sockets of a user in all namespaces; guests share theirs by address.</summary>
internal sealed class UserLimits(IOptions<ChatOptions> options)
{
    private const int Many = 10_000;

    private readonly ConcurrentDictionary<string, RateLimiter> _limits = new(StringComparer.Ordinal);

    public RateLimiter Of(ISocket socket)
    {
        // One that is full counts for nothing: a new one is as good.
        if (_limits.Count > Many)
        {
            foreach (var idle in _limits.Where(entry => entry.Value.IdleDuration is not null)) _limits.TryRemove(idle);
        }

        return _limits.GetOrAdd(socket.UserId ?? $"guest {socket.Handshake.Address}", _ => new TokenBucketRateLimiter(new()
        {
            TokenLimit = options.Value.Burst,
            TokensPerPeriod = options.Value.EventsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            AutoReplenishment = false,   // the server does it when an event comes
        }));
    }
}
