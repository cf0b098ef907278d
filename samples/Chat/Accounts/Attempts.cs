using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Chat.Accounts;

/// <summary>How often passwords may be tried for one name, and accounts be made from one address.</summary>
internal sealed class Attempts(IOptions<ChatOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _signIns = PerMinute(options.Value.AttemptsPerMinute);
    private readonly PartitionedRateLimiter<string> _registrations = PerMinute(options.Value.RegistrationsPerMinute);

    public bool MaySignIn(string name) => _signIns.AttemptAcquire(name).IsAcquired;

    public bool MayRegister(IPAddress? address) => _registrations.AttemptAcquire(address?.ToString() ?? "").IsAcquired;

    public void Dispose()
    {
        _signIns.Dispose();
        _registrations.Dispose();
    }

    private static PartitionedRateLimiter<string> PerMinute(int permits) => PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new() { PermitLimit = permits, Window = TimeSpan.FromMinutes(1) }));
}
