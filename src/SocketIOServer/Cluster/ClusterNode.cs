using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>This server in its cluster: its id, its bus, and what it has counted. One for all namespaces.</summary>
internal sealed class ClusterNode : ILogListener, IAsyncDisposable, IDisposable
{
    private const int IdBytes = 3;

    private static readonly TimeSpan OverloadedFor = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly long[] _forwarded = new long[Enum.GetValues<ForwardKind>().Length];
    private string _id;
    private string? _address;
    private bool _isIdTaken;
    private readonly Heartbeats _heartbeats;
    private int _hasNoChannel;
    private long _refused = long.MinValue;
    private long _poisoned;
    private long _gaps;
    private long _logGaps;
    private long _unordered;
    private long _lives;
    private int _changes;
    private int _isDisposed;
    private UnusedEntries? _unused;

    public ClusterNode(IClusterBus bus, ClusterWire wire, ClusterOptions options, TimeProvider time, ILogger logger, IClusterLog? log = null)
    {
        options.Validate();
        Answers = new(options.MaxAnswerBytes);
        (Bus, Wire, Options, Time, Logger, Log) = (FencedBus.Around(bus, time, logger), wire, options, time, logger, log);
        Form = log is null ? wire.Form : $"{wire.Form} {log.Layout}";
        _id = options.NodeId ?? DrawId();
        _address = options.Address?.GetLeftPart(UriPartial.Authority);
        Key = options.Secret is { } secret ? Encoding.UTF8.GetBytes(secret) : null;
        Since = time.GetUtcNow().ToUnixTimeMilliseconds();
        Sender = wire.NewId();
        Members = new(this) { HasInUse = name => InUse.ContainsKey(name), OnBeat = OnBeat };
        Losses = new(this, Members);
        Sent = new(NextNumbers);
        _heartbeats = new(this);
    }

    /// <summary>24 random bits as 4 characters of base64url, unless the program has chosen it. It changes if another server has the same.</summary>
    public string Id => Volatile.Read(ref _id);

    /// <summary>When the server started, in milliseconds of Unix time.</summary>
    public long Since { get; }

    /// <summary>The secret of the cluster. Null: no requests are forwarded.</summary>
    public byte[]? Key { get; }

    /// <summary>Where this server takes requests that others forward to it.</summary>
    public string? Address => Volatile.Read(ref _address);

    /// <summary>Its id in messages. Node's servers take it for one that belongs to a namespace alone.</summary>
    public string Sender { get; }

    /// <summary>Room for the answers to its questions.</summary>
    public AnswerBudget Answers { get; }

    public Membership Members { get; }

    /// <summary>Whether events of others were lost.</summary>
    public LossCheck Losses { get; }

    /// <summary>The numbers of what this server publishes.</summary>
    public SentNumbers Sent { get; }

    /// <summary>The namespaces that are in use here.</summary>
    public ConcurrentDictionary<string, ClusterAdapter> InUse { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of the server's bridges to servers of other kinds; empty: it has none. Set before it is started.</summary>
    public string Bridges { get; set; } = "";

    /// <summary>The sessions of clients that have lost their connection. Null: each server keeps its own.</summary>
    public SharedSessions? Sessions { get; private set; }

    public IClusterBus Bus { get; }

    public ClusterWire Wire { get; }

    /// <summary>Null: everything is published.</summary>
    public IClusterLog? Log { get; }

    /// <summary>Names the form of the messages, so that servers that cannot understand each other find it out.</summary>
    public string Form { get; }

    /// <summary>The state of the bus, or, where the bus is alive, that of the log.</summary>
    public BusState State => Log is not null && Bus.State == BusState.Alive ? Log.State : Bus.State;

    /// <summary>What <see cref="State"/> is of.</summary>
    public string StateOf => Log is not null && Bus.State == BusState.Alive ? Log.Name : Bus.Name;

    /// <summary>Of the bus and the log together.</summary>
    public BusStatistics Statistics
    {
        get
        {
            var bus = Bus.Statistics;
            if (Log is null) return bus;
            var log = Log.Statistics;
            return new(bus.Published + log.Published, bus.Received + log.Received, bus.Dropped + log.Dropped, bus.QueuedMessages + log.QueuedMessages, bus.QueuedBytes + log.QueuedBytes, bus.Uncertain + log.Uncertain);
        }
    }

    public ClusterOptions Options { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>The bus is alive, but has just refused messages, because its queue was full.</summary>
    public bool IsOverloaded
    {
        get
        {
            var refused = Interlocked.Read(ref _refused);
            return State == BusState.Alive && refused != long.MinValue && Time.GetElapsedTime(refused) < OverloadedFor;
        }
    }

    /// <summary>Messages that were refused.</summary>
    public long Poisoned => Interlocked.Read(ref _poisoned);

    /// <summary>Numbered messages that did not arrive.</summary>
    public long Gaps => Interlocked.Read(ref _gaps);

    /// <summary>How often entries of the log were removed before they were read here.</summary>
    public long LogGaps => Interlocked.Read(ref _logGaps);

    /// <summary>Events that were delivered here before their place in the log was known, because the log did not answer.</summary>
    public long Unordered => Interlocked.Read(ref _unordered);

    /// <summary>Counts what may mean that this server is no longer alone: a server that has come, and each change of the bus's state.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>What the numbers of an adapter begin behind. Another one each time, within what is a whole number in JavaScript.</summary>
    public long NextNumbers() => (Interlocked.Increment(ref _lives) - 1) % (1 << 20) << EventOrigin.NumberBits;

    /// <summary>The bus or the log has not taken a message.</summary>
    public void OnRefused()
    {
        // Where a node of the engine is lost, that is the reason, and the bus says so.
        if (State == BusState.Alive && Bus.Problem is null) Interlocked.Exchange(ref _refused, Time.GetTimestamp());
    }

    /// <summary>The id, for a session that begins with it. From then on it stays the same.</summary>
    public string TakeId()
    {
        lock (_gate)
        {
            _isIdTaken = true;
            return _id;
        }
    }

    /// <summary>Draws another id, because another server has this one. Returns false if the program has chosen it, or if sessions have it.</summary>
    public bool TryRedraw(string id)
    {
        lock (_gate)
        {
            if (_id != id) return true;
            if (_isIdTaken || Options.NodeId is not null) return false;
            _id = DrawId();
            return true;
        }
    }

    /// <summary>Tells the others where this server takes forwarded requests.</summary>
    public void Announce(string address)
    {
        Volatile.Write(ref _address, address);
        Members.Announce();
    }

    /// <summary>How many requests were forwarded to other servers.</summary>
    public long Forwarded(ForwardKind kind) => Interlocked.Read(ref _forwarded[(int)kind]);

    public void OnForwarded(ForwardKind kind) => Interlocked.Increment(ref _forwarded[(int)kind]);

    public void OnPoisoned() => Interlocked.Increment(ref _poisoned);

    public void OnChanged() => Interlocked.Increment(ref _changes);

    public void OnGap(long lost) => Interlocked.Add(ref _gaps, lost);

    public void OnUnordered() => Interlocked.Increment(ref _unordered);

    /// <summary>Clients can get their sessions back, so what is in the log counts. Before the server starts.</summary>
    public void Recover(RecoveryOptions options)
    {
        if (Log is null) return;
        _unused = new(options.MaxMessages, options.MaxBytes);
        if (Log.Sessions is { } store) Sessions = new(store, options.Window, Time, Logger);
    }

    /// <summary>A namespace comes into use.</summary>
    public void Use(string @namespace, ClusterAdapter adapter)
    {
        if (_unused is not { } unused)
        {
            InUse[@namespace] = adapter;
            return;
        }

        // The log goes on only once the adapter has what came before.
        lock (unused.Gate)
        {
            var earlier = unused.Take(@namespace, out var trimmedTo);
            adapter.Begin(earlier, trimmedTo);
            InUse[@namespace] = adapter;
        }
    }

    /// <summary>A namespace goes out of use.</summary>
    public void Release(string @namespace, ClusterAdapter adapter)
    {
        if (!InUse.TryRemove(KeyValuePair.Create(@namespace, adapter)) || _unused is not { } unused) return;
        lock (unused.Gate) unused.Trim(@namespace, adapter.DeliveredUpTo);
    }

    void ILogListener.OnGap()
    {
        Interlocked.Increment(ref _logGaps);
        foreach (var (_, adapter) in InUse) adapter.OnLogGap();
    }

    void ILogListener.OnDropped(LogEntry entry) => entry.Waiting?.OnDropped();

    void ILogListener.OnEarlierEntry(EntryId id, LogEntry entry)
    {
        if (FindOrKeep(id, entry) is { } adapter) adapter.OnEarlierEntry(id, entry);
    }

    void ILogListener.OnMalformed() => OnPoisoned();

    // A namespace that nobody here is in has no adapter: what is for it is for others.
    void ILogListener.OnEntry(EntryId id, LogEntry entry)
    {
        var item = entry.Waiting;
        item?.OnReadBack(id);
        // Without a delivery that waits for it, an entry of this server was written twice.
        if (entry.Sender == Sender && (item is null || _unused is null)) return;
        if (FindOrKeep(id, entry) is not { } adapter) return;
        if (item is null) adapter.OnEntry(id, entry);
        // Of a namespace that was out of use meanwhile.
        else if (!adapter.Has(item)) adapter.OnEarlierEntry(id, entry);
    }

    // The adapter that an entry is for. Null: nobody here is in its namespace.
    private ClusterAdapter? FindOrKeep(EntryId id, LogEntry entry)
    {
        if (InUse.TryGetValue(entry.Namespace, out var adapter) || _unused is not { } unused) return adapter;
        lock (unused.Gate)
        {
            // It has come into use at this moment.
            if (InUse.TryGetValue(entry.Namespace, out adapter)) return adapter;
            unused.Add(id, entry);
            return null;
        }
    }

    /// <summary>True for the first namespace that no channel can carry: one line in the log, since clients name as many as they like.</summary>
    public bool IsFirstWithoutChannel() => Interlocked.Exchange(ref _hasNoChannel, 1) == 0;

    /// <summary>Connects. Completes when bus and log are alive and the other servers know of this one, or when their first attempts have failed. Never throws for an outage.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        Members.Start();
        _heartbeats.Start();
        Bus.StateChanged += OnBusChanged;
        var starting = Bus.StartAsync(cancel);
        if (Log is not null)
        {
            if (Log.DeliversInOrder || _unused is not null) Log.StateChanged += OnLogChanged;
            await Log.StartAsync(this, readsEarlier: _unused is not null, cancel);
        }

        await starting;
        await Members.WhenKnownAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        _heartbeats.Stop();
        Members.Stop();
        Bus.StateChanged -= OnBusChanged;
        if (Log is not null)
        {
            Log.StateChanged -= OnLogChanged;
            await Log.DisposeAsync();
        }

        await Bus.DisposeAsync();
    }

    private void OnBusChanged(BusState state)
    {
        if (state != BusState.Alive) return;
        foreach (var (_, adapter) in InUse) adapter.OnBusAlive();
    }

    private void OnBeat()
    {
        Losses.OnBeat();
        foreach (var (_, adapter) in InUse) adapter.OnBeat();
    }

    private static string DrawId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

    // A container that is disposed of without await. The bus ends by itself.
    public void Dispose() => _ = DisposeAsync().AsTask();

    private void OnLogChanged(BusState state)
    {
        foreach (var (_, adapter) in InUse) adapter.OnLogChanged(state);
    }
}
