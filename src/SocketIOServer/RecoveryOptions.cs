namespace SocketIOServer;

/// <summary>
/// How a client that lost its connection gets its session back: the same socket id, rooms and data, and each event that it missed, once and in order. Set
/// <see cref="SocketServerOptions.Recovery"/> to an object of this class to turn it on. Works with clients 4.6 and newer as they are.
/// </summary>
/// <remarks>
/// Each event to these clients has one argument more, as with Node's server: a text with which the client says later what it has received. Events that are
/// volatile or ask for an ack are not repeated.
/// </remarks>
/// <example><code>builder.Services.AddSocketIO(options => options.Recovery = new() { Window = TimeSpan.FromMinutes(5) });</code></example>
public sealed class RecoveryOptions
{
    /// <summary>How long a client may be away. Default 2 minutes.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How many of the latest events of each namespace are kept. Events that are repeated for clients that come from another server do not count. Default
    /// 10,000.
    /// </summary>
    public int MaxMessages { get; set; } = 10_000;

    /// <summary>The largest size of the events that are kept of each namespace, in bytes. Default 16 MiB.</summary>
    public long MaxBytes { get; set; } = 16 << 20;

    /// <summary>
    /// The largest size of everything that is kept by this server, in bytes: events of all namespaces, and the sessions of clients that are away. Beyond it the
    /// oldest sessions and events are dropped. The values that a program keeps in <see cref="ISocket.Data"/> are not counted. Default 256 MiB.
    /// </summary>
    public long MaxTotalBytes { get; set; } = 256 << 20;

    /// <summary>
    /// Whether OnConnecting runs for a client that gets its session back. Authentication and authorization always run. Default false, as with Node's server
    /// (<c>skipMiddlewares</c>).
    /// </summary>
    public bool RunOnConnecting { get; set; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Window, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Window, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxMessages);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxTotalBytes);
    }
}
