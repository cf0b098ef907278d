namespace SocketIOServer;

/// <summary>How much is kept of the latest events of each room of a namespace, for clients that join later: <see cref="ISocket.JoinWithHistoryAsync"/>.</summary>
/// <remarks>The events are in the memory of this server. They are lost when the process ends.</remarks>
/// <example>
/// <code>
/// app.MapSocketIO().Of("/chat")
///     .KeepHistory(history => { history.RoomPrefixes.Add("chat:"); history.Events = 50; })
///     .On("open", (string chat, ISocket socket) => socket.JoinWithHistoryAsync("chat:" + chat));
/// </code>
/// </example>
public sealed class HistoryOptions
{
    /// <summary>How many of the latest events of each room are kept. Default 100.</summary>
    public int Events { get; set; } = 100;

    /// <summary>How long an event is kept. Default 1 hour.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The largest size of the events that are kept of each room, in bytes. Default 256 KiB.</summary>
    public long MaxBytesPerRoom { get; set; } = 256 << 10;

    /// <summary>
    /// The largest size of the events of all rooms, in bytes. Beyond it, the rooms without an event for the longest time lose theirs. Names and bookkeeping are
    /// counted too. Default 64 MiB.
    /// </summary>
    public long MaxBytes { get; set; } = 64 << 20;

    /// <summary>Only rooms whose names begin with one of these texts have a history. Default: empty, which means all rooms.</summary>
    public IList<string> RoomPrefixes { get; } = [];

    /// <summary>
    /// How many of the latest events to the whole namespace each client gets right behind its connect packet. A client that gets its session back has them already.
    /// Default 0: events to the whole namespace are not kept.
    /// </summary>
    public int EventsOnConnect { get; set; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Events);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxAge, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxAge, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBytesPerRoom);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(EventsOnConnect);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(EventsOnConnect, Events);
        foreach (var prefix in RoomPrefixes) ArgumentException.ThrowIfNullOrEmpty(prefix, nameof(RoomPrefixes));
    }
}
