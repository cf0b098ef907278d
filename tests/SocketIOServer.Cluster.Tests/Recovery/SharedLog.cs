using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster.Tests.Recovery;

/// <summary>A log in this process that several servers append to and read.</summary>
internal sealed class SharedLog
{
    private readonly Lock _gate = new();
    private readonly List<(EntryId Id, LogEntry Entry)> _entries = [];
    private readonly List<SharedLogReader> _readers = [];
    private ulong _last;

    public MemorySessions Sessions { get; } = new();

    public IReadOnlyList<(EntryId Id, LogEntry Entry)> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    public EntryId Last
    {
        get
        {
            lock (_gate) return new(_last, 0);
        }
    }

    public SharedLogReader Connect()
    {
        var reader = new SharedLogReader(this);
        lock (_gate) _readers.Add(reader);
        return reader;
    }

    public EntryId Append(LogEntry entry)
    {
        EntryId id;
        lock (_gate)
        {
            id = new(++_last, 0);
            _entries.Add((id, entry));
        }

        ReadSoon();
        return id;
    }

    /// <summary>The next entry behind an id.</summary>
    public (EntryId Id, LogEntry Entry)? Next(EntryId id)
    {
        lock (_gate)
        {
            foreach (var next in _entries)
            {
                if (next.Id > id) return next;
            }

            return null;
        }
    }

    /// <summary>Removes the oldest entries.</summary>
    public void Trim(int left)
    {
        lock (_gate) _entries.RemoveRange(0, Math.Max(0, _entries.Count - left));
    }

    private void ReadSoon()
    {
        SharedLogReader[] readers;
        lock (_gate) readers = [.. _readers];
        foreach (var reader in readers) reader.ReadSoon();
    }
}
