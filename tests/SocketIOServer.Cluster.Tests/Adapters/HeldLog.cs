using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A log that is read when the test says so.</summary>
internal sealed class HeldLog : IClusterLog
{
    private ILogListener? _listener;
    private BusState _state = BusState.Alive;
    private int _read;

    public event Action<BusState>? StateChanged;

    public string Name => "held";

    public string Layout { get; init; } = "1";

    public bool DeliversInOrder { get; init; }

    public bool IsFull { get; set; }

    public List<LogEntry> Entries { get; } = [];

    public List<string> Namespaces { get; } = [];

    public BusStatistics Statistics => default;

    public ISessionStore? Sessions => null;

    public BusState State
    {
        get => _state;
        set
        {
            _state = value;
            StateChanged?.Invoke(value);
        }
    }

    public Task StartAsync(ILogListener listener, bool readsEarlier, CancellationToken cancel)
    {
        _listener = listener;
        return Task.CompletedTask;
    }

    public bool Append(LogEntry entry)
    {
        if (IsFull) return false;
        Entries.Add(entry);
        return true;
    }

    public EntryId? ReadFrom(string @namespace) => EntryId.None;

    public EntryId? ReadUpTo(string @namespace) => EntryId.None;

    public void Use(string @namespace) => Namespaces.Add(@namespace);

    /// <summary>Reads the next entries.</summary>
    public void Read(int count = 1)
    {
        for (; count > 0; count--, _read++) Read(Entries[_read]);
    }

    public void Read(LogEntry entry) => _listener!.OnEntry(new(1, 0), entry);

    public void LoseEntries() => _listener!.OnGap();

    public ValueTask DisposeAsync() => default;
}
