using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster.Tests.Recovery;

/// <summary>The log as one server has it. It can be held up, as by a slow Redis.</summary>
internal sealed class SharedLogReader(SharedLog log) : IClusterLog
{
    private readonly Lock _gate = new();
    private readonly Queue<LogEntry> _unwritten = new();
    private readonly HashSet<LogEntry> _own = [];
    private ILogListener? _listener;
    private BusState _state = BusState.Alive;
    private EntryId _from;
    private EntryId _read;
    private bool _isReading;
    private bool _isStarted;
    private bool _isHeld;

    public event Action<BusState>? StateChanged;

    public string Name => "shared";

    public string Layout => "1";

    public bool DeliversInOrder => false;

    public bool IsFull { get; set; }

    /// <summary>What happens at the moment at which the next entry is appended.</summary>
    public Action? OnAppending { get; set; }

    public bool ReadsEarlier { get; private set; }

    public ISessionStore? Sessions { get; init; } = log.Sessions;

    public BusStatistics Statistics => default;

    /// <summary>While it is not alive, entries wait, and nothing is read.</summary>
    public BusState State
    {
        get => _state;
        set
        {
            _state = value;
            StateChanged?.Invoke(value);
            if (value != BusState.Alive) return;
            Write();
            ReadSoon();
        }
    }

    /// <summary>While it is held, entries are written and nothing is read.</summary>
    public bool IsHeld
    {
        get => _isHeld;
        set
        {
            _isHeld = value;
            ReadSoon();
        }
    }

    public Task StartAsync(ILogListener listener, bool readsEarlier, CancellationToken cancel)
    {
        (_listener, ReadsEarlier) = (listener, readsEarlier);
        var first = log.Entries is [var one, ..] ? new(one.Id.Milliseconds - 1, 0) : log.Last;
        lock (_gate) _from = _read = readsEarlier ? first : log.Last;
        if (readsEarlier)
        {
            while (log.Next(_read) is { } next)
            {
                listener.OnEarlierEntry(next.Id, Copy(next.Entry));
                lock (_gate) _read = next.Id;
            }
        }

        _isStarted = true;
        ReadSoon();
        return Task.CompletedTask;
    }

    public EntryId? ReadFrom(string @namespace)
    {
        lock (_gate) return _isStarted ? _from : null;
    }

    public EntryId? ReadUpTo(string @namespace)
    {
        lock (_gate) return _isStarted ? _read : null;
    }

    public bool Append(LogEntry entry)
    {
        if (IsFull) return false;
        var appending = OnAppending;
        OnAppending = null;
        appending?.Invoke();
        lock (_gate)
        {
            _own.Add(entry);
            _unwritten.Enqueue(entry);
        }

        if (State == BusState.Alive) Write();
        return true;
    }

    /// <summary>What waits is given up.</summary>
    public void Drop()
    {
        LogEntry[] dropped;
        lock (_gate)
        {
            dropped = [.. _unwritten];
            _unwritten.Clear();
        }

        foreach (var entry in dropped) _listener!.OnDropped(entry);
    }

    /// <summary>Entries were removed unread.</summary>
    public void Lose()
    {
        lock (_gate) (_from, _read) = (log.Last, log.Last);
        _listener!.OnGap();
    }

    public void Use(string @namespace)
    {
    }

    public void ReadSoon() => ThreadPool.UnsafeQueueUserWorkItem(static reader => reader.Read(), this, preferLocal: false);

    public ValueTask DisposeAsync()
    {
        _isStarted = false;
        return default;
    }

    private void Write()
    {
        lock (_gate)
        {
            while (_unwritten.TryDequeue(out var entry)) log.Append(entry);
        }
    }

    private void Read()
    {
        while (true)
        {
            (EntryId Id, LogEntry Entry) next;
            lock (_gate)
            {
                if (_isReading || !_isStarted || _isHeld || _state != BusState.Alive || log.Next(_read) is not { } found) return;
                next = found;
                _isReading = true;
            }

            bool isOwn;
            lock (_gate) isOwn = _own.Remove(next.Entry);
            _listener!.OnEntry(next.Id, isOwn ? next.Entry : Copy(next.Entry));
            lock (_gate)
            {
                if (next.Id > _read) _read = next.Id;
                _isReading = false;
            }
        }
    }

    private static LogEntry Copy(LogEntry entry) => new() { Sender = entry.Sender, Namespace = entry.Namespace, Type = entry.Type, Data = entry.Data, Number = entry.Number };
}
