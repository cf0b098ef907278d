using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>Gets what an <see cref="IClusterLog"/> reads. The log calls it on its reader, one call at a time for a namespace; it does not wait and does not throw.</summary>
public interface ILogListener
{
    /// <summary>An entry that was in the log before this server started. All of these come before the first call of <see cref="OnEntry"/> for their namespace.</summary>
    /// <param name="id">The entry's place in the log.</param>
    /// <param name="entry">The entry.</param>
    void OnEarlierEntry(EntryId id, LogEntry entry);

    /// <summary>The next entry of the log, this server's own included.</summary>
    /// <param name="id">The entry's place in the log.</param>
    /// <param name="entry">The entry; one that this server has appended is the same object, unless it has come back before.</param>
    void OnEntry(EntryId id, LogEntry entry);

    /// <summary>An entry that this server has appended will not be written any more, because it has waited for too long. It may come back all the same.</summary>
    /// <param name="entry">The entry.</param>
    void OnDropped(LogEntry entry);

    /// <summary>Something was read that is no entry.</summary>
    void OnMalformed();

    /// <summary>Entries were removed from the log before this server has read them. It is not known how many.</summary>
    void OnGap();
}
