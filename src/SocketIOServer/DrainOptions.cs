namespace SocketIOServer;

/// <summary>
/// How a server of a cluster stops when clients can get their sessions back: other servers take its clients over, and no event is lost. It is used if
/// <see cref="SocketServerOptions.Recovery"/> is set and another server of the cluster is there.
/// </summary>
/// <remarks>
/// The stop takes at most the sum of both times, and at most four fifths of HostOptions.ShutdownTimeout. A server logs a warning when it starts if that is not
/// enough.
/// </remarks>
/// <example><code>builder.Services.AddSocketIO(options => options.Drain = new() { Spread = TimeSpan.FromSeconds(20) });</code></example>
public sealed class DrainOptions
{
    /// <summary>
    /// The time over which clients are sent away, so that they do not all come to the other servers at once. With few clients it takes less: there are at
    /// least ten in a wave, and a wave every 100 milliseconds. Default 5 seconds.
    /// </summary>
    public TimeSpan Spread { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the server waits for a client that it has sent away, or that lost its connection shortly before. The stop goes on as soon as other servers
    /// have taken all sessions. Default 10 seconds.
    /// </summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Spread, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Spread, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(Linger, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Linger, TimeSpan.FromDays(1));
    }
}
