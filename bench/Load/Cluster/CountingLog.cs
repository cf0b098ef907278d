using SocketIOServer.Adapters;
using SocketIOServer.Cluster;

namespace LoadCluster;

/// <summary>A log that tells the receiver of each entry after the server has handled it.</summary>
internal sealed class CountingLog(IClusterLog log, Receiver receiver) : IClusterLog
{
    public event Action<BusState>? StateChanged
    {
        add => log.StateChanged += value;
        remove => log.StateChanged -= value;
    }

    public string Name => log.Name;

    public string Layout => log.Layout;

    public bool DeliversInOrder => log.DeliversInOrder;

    public BusState State => log.State;

    public BusStatistics Statistics => log.Statistics;

    public ISessionStore? Sessions => log.Sessions;

    public Task StartAsync(ILogListener listener, bool readsEarlier, CancellationToken cancel) => log.StartAsync(new Listener(listener, receiver), readsEarlier, cancel);

    public EntryId? ReadFrom(string @namespace) => log.ReadFrom(@namespace);

    public EntryId? ReadUpTo(string @namespace) => log.ReadUpTo(@namespace);

    public bool Append(LogEntry entry) => log.Append(entry);

    public void Use(string @namespace) => log.Use(@namespace);

    public ValueTask DisposeAsync() => log.DisposeAsync();

    private sealed class Listener(ILogListener listener, Receiver receiver) : ILogListener
    {
        public void OnEntry(EntryId id, LogEntry entry)
        {
            listener.OnEntry(id, entry);
            receiver.OnEvent(entry.Data.Span);
        }

        public void OnEarlierEntry(EntryId id, LogEntry entry) => listener.OnEarlierEntry(id, entry);

        public void OnDropped(LogEntry entry) => listener.OnDropped(entry);

        public void OnMalformed() => listener.OnMalformed();

        public void OnGap() => listener.OnGap();
    }
}
