using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Cluster;

/// <summary>This server in its cluster: its id, its bus, and what it has counted. One for all namespaces.</summary>
internal sealed class ClusterNode : IAsyncDisposable, IDisposable
{
    private const int IdBytes = 3;

    private static readonly TimeSpan OverloadedFor = TimeSpan.FromSeconds(3);

    private long _refused = long.MinValue;
    private long _poisoned;
    private long _gaps;
    private long _lives;
    private int _changes;
    private int _isDisposed;

    public ClusterNode(IClusterBus bus, ClusterWire wire, ClusterOptions options, TimeProvider time, ILogger logger)
    {
        options.Validate();
        (Bus, Wire, Options, Time, Logger) = (FencedBus.Around(bus, time, logger), wire, options, time, logger);
        Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        Sender = wire.NewId();
        Members = new(this) { HasInUse = name => InUse.ContainsKey(name), OnBeat = OnBeat };
    }

    /// <summary>24 random bits as 4 characters of base64url.</summary>
    public string Id { get; }

    /// <summary>Its id in messages. Node's servers take it for one that belongs to a namespace alone.</summary>
    public string Sender { get; }

    public Membership Members { get; }

    /// <summary>The namespaces that are in use here.</summary>
    public ConcurrentDictionary<string, ClusterAdapter> InUse { get; } = new(StringComparer.Ordinal);

    public IClusterBus Bus { get; }

    public ClusterWire Wire { get; }

    public ClusterOptions Options { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>The bus is alive, but has just refused messages, because its queue was full.</summary>
    public bool IsOverloaded
    {
        get
        {
            var refused = Interlocked.Read(ref _refused);
            return Bus.State == BusState.Alive && refused != long.MinValue && Time.GetElapsedTime(refused) < OverloadedFor;
        }
    }

    /// <summary>Messages that were refused.</summary>
    public long Poisoned => Interlocked.Read(ref _poisoned);

    /// <summary>Numbered messages that did not arrive.</summary>
    public long Gaps => Interlocked.Read(ref _gaps);

    /// <summary>Counts what may mean that this server is no longer alone: a server that has come, and each change of the bus's state.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>What the numbers of an adapter begin behind. Another one each time, within what is a whole number in JavaScript.</summary>
    public long NextNumbers() => (Interlocked.Increment(ref _lives) - 1) % (1 << 20) << ReceivedNumbers.NumberBits;

    /// <summary>The bus has not taken a message.</summary>
    public void OnRefused()
    {
        if (Bus.State == BusState.Alive) Interlocked.Exchange(ref _refused, Time.GetTimestamp());
    }

    public void OnPoisoned() => Interlocked.Increment(ref _poisoned);

    public void OnChanged() => Interlocked.Increment(ref _changes);

    public void OnGap(long lost) => Interlocked.Add(ref _gaps, lost);

    /// <summary>
    /// Connects. Completes when the bus is alive and the other servers know of this one, or when the bus's first attempt has failed. Never throws for an outage.
    /// </summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        Members.Start();
        await Bus.StartAsync(cancel);
        await Members.WhenKnownAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        Members.Stop();
        await Bus.DisposeAsync();
    }

    private void OnBeat()
    {
        foreach (var (_, adapter) in InUse) adapter.OnBeat();
    }

    // A container that is disposed of without await. The bus ends by itself.
    public void Dispose() => _ = DisposeAsync().AsTask();
}
