using SocketIOServer.Adapters;

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

    /// <summary>Keeps the sessions of clients that have lost their connection, for all servers. Null: each server keeps its own in memory.</summary>
    ISessionStore? Sessions { get; }

    /// <summary>Begins to connect and to read.</summary>
    /// <param name="listener">Gets what is read.</param>
    /// <param name="readsEarlier">
    /// True: the entries that are in the log already are passed first, to <see cref="ILogListener.OnEarlierEntry"/>. False: reading starts behind them.
    /// </param>
    /// <param name="cancel">Ends the wait, not the log.</param>
    /// <returns>
    /// Completes when the log is alive and the earlier entries were passed, or when the first attempt has failed. An outage is no failure of the task.
    /// </returns>
    Task StartAsync(ILogListener listener, bool readsEarlier, CancellationToken cancel);

    /// <summary>
    /// Where the entries of a namespace begin that this server has read without a gap: those with later ids were all passed to the listener or will be.
    /// It is the id before the first earlier entry, or that of the last entry that was there if none were to be read. A gap moves it to the id before the
    /// first entry behind the gap, before that entry is passed.
    /// </summary>
    /// <param name="namespace">The name of the namespace.</param>
    /// <returns>Null: nothing of the log is known yet.</returns>
    EntryId? ReadFrom(string @namespace);

    /// <summary>Up to where the log was read: entries of the namespace with ids until this one were passed to the listener.</summary>
    /// <param name="namespace">The name of the namespace.</param>
    /// <returns>Null: nothing of the log is known yet.</returns>
    EntryId? ReadUpTo(string @namespace);

    /// <summary>Queues an entry; never waits. Entries of one namespace are written in the order of the calls.</summary>
    /// <param name="entry">The entry. It comes back to the listener as the same object.</param>
    /// <returns>False: the entry was dropped, because the queue is full, or because it is volatile and the log is not alive.</returns>
    bool Append(LogEntry entry);

    /// <summary>A namespace is in use on this server from now on.</summary>
    /// <param name="namespace">Its name.</param>
    void Use(string @namespace);
}
