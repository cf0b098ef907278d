using System.Collections.Concurrent;
using SocketIOServer.Adapters;
using SocketIOServer.Cluster;

namespace SocketIOServer.Redis.Tests;

/// <summary>Keeps what a log has read.</summary>
internal sealed class RecordingListener : ILogListener
{
    private int _malformed;
    private int _gaps;

    public ConcurrentQueue<(EntryId Id, LogEntry Entry)> Entries { get; } = [];

    public IEnumerable<long> Numbers => Entries.Select(read => read.Entry.Number);

    public int Malformed => Volatile.Read(ref _malformed);

    public int Gaps => Volatile.Read(ref _gaps);

    public ConcurrentQueue<(EntryId Id, LogEntry Entry)> Earlier { get; } = [];

    public void OnEarlierEntry(EntryId id, LogEntry entry) => Earlier.Enqueue((id, entry));

    public void OnEntry(EntryId id, LogEntry entry) => Entries.Enqueue((id, entry));

    public ConcurrentQueue<LogEntry> Dropped { get; } = [];

    public void OnDropped(LogEntry entry) => Dropped.Enqueue(entry);

    public void OnMalformed() => Interlocked.Increment(ref _malformed);

    public void OnGap() => Interlocked.Increment(ref _gaps);
}
