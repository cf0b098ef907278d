namespace SocketIOServer.Cluster;

/// <summary>
/// A log that all servers of a cluster append to and read: one total order of the events and changes of a namespace. It stands beside the
/// <see cref="IClusterBus"/>, which carries what needs no order, such as questions and answers. Any thread may call any member.
/// </summary>
/// <remarks>
/// The log keeps an entry until it has read the entry back, because only then is it certain that the entry was written. What was not written when the
/// connection ended is written after the outage.
/// </remarks>
public interface IClusterLog : IAsyncDisposable
{
    /// <summary>A short name of the engine for logs and health checks, such as "redis streams".</summary>
    string Name { get; }

    /// <summary>Names whatever must be the same on all servers, such as the number of streams, so that servers with other settings are found out.</summary>
    string Layout { get; }

    /// <summary>True: clients of this server get its events when they are read back, so that all servers deliver in one order. False: they get them at once.</summary>
    bool DeliversInOrder { get; }

    /// <summary>What the log knows of its connection now.</summary>
    BusState State { get; }

    /// <summary>Raised after each change of <see cref="State"/>, one at a time. Handlers must not wait and must not throw.</summary>
    event Action<BusState>? StateChanged;

    /// <summary>Counts since the start.</summary>
    BusStatistics Statistics { get; }

    /// <summary>Begins to connect and to read. Reading starts behind the entries that are there.</summary>
    /// <param name="listener">Gets what is read.</param>
    /// <param name="cancel">Ends the wait, not the log.</param>
    /// <returns>Completes when the log is alive or the first attempt has failed. An outage is no failure of the task.</returns>
    Task StartAsync(ILogListener listener, CancellationToken cancel);

    /// <summary>Queues an entry; never waits. Entries of one namespace are written in the order of the calls.</summary>
    /// <param name="entry">The entry. It comes back to the listener as the same object.</param>
    /// <returns>False: the entry was dropped, because the queue is full, or because it is volatile and the log is not alive.</returns>
    bool Append(LogEntry entry);

    /// <summary>A namespace is in use on this server from now on.</summary>
    /// <param name="namespace">Its name.</param>
    void Use(string @namespace);
}
