namespace SocketIOServer;

/// <summary>
/// How much is kept of events that were handled, so that they are not handled again when a client sends them again: the keys of <see cref="RetryKeyAttribute"/> and the acks.
/// Beyond a limit the oldest are dropped; those of clients that are not signed in first.
/// </summary>
/// <example><code>builder.Services.AddSocketIO(options => options.DeduplicateRetries.Window = TimeSpan.FromMinutes(30));</code></example>
public sealed class RetryDeduplicationOptions
{
    /// <summary>How long a key is kept after its event was handled. Clients that come back later may have their event handled twice. Default 10 minutes.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many keys are kept of one user, or of one client that is not signed in. Default 1,000.</summary>
    public int MaxKeysPerUser { get; set; } = 1000;

    /// <summary>The largest size of the keys and acks of one user, or of one client that is not signed in, in bytes. Default 1 MiB.</summary>
    public long MaxBytesPerUser { get; set; } = 1 << 20;

    /// <summary>How many keys the server keeps. Default 100,000.</summary>
    public int MaxKeys { get; set; } = 100_000;

    /// <summary>The largest size of all keys and acks, in bytes. Default 64 MiB.</summary>
    public long MaxBytes { get; set; } = 64 << 20;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Window, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Window, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxKeysPerUser);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBytesPerUser);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxKeys);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBytes);
    }
}
