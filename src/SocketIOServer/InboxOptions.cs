namespace SocketIOServer;

/// <summary>
/// How long, and how many, durable events are kept for clients that are away. Set <see cref="SocketServerOptions.Inbox"/> to an object of this class to turn on
/// <see cref="ISocketNamespace.ToUser"/> and <see cref="ISocket.Durable"/>.
/// </summary>
/// <example><code>builder.Services.AddSocketIO(options => options.Inbox = new() { MaxAge = TimeSpan.FromDays(2) });</code></example>
public sealed class InboxOptions
{
    /// <summary>How long an event waits for a user. Default 7 days.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many events wait for one user, or for one session, in a namespace. Beyond it, emitting throws <see cref="InboxFullException"/>. Default 1,000.</summary>
    public int MaxMessages { get; set; } = 1000;

    /// <summary>The size of the events that wait for one user, or for one session, in a namespace, in bytes. Default 256 KiB.</summary>
    public long MaxBytes { get; set; } = 256 << 10;

    /// <summary>The size of all events that wait, in bytes, if they are kept in the memory of the process. Default 256 MiB.</summary>
    public long MaxTotalBytes { get; set; } = 256 << 20;

    /// <summary>How many events a client is sent before it has acked the first of them. Default 100.</summary>
    public int MaxUnacked { get; set; } = 100;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxAge, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxAge, TimeSpan.FromDays(365));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxMessages);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxTotalBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxUnacked);
    }
}
