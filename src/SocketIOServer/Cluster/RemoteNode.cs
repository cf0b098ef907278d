using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SocketIOServer.Cluster;

/// <summary>Another server of ours.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has neither a timer nor a wait handle, so there is nothing to dispose of.")]
internal sealed class RemoteNode(ClusterMember member, string sender, long now)
{
    private readonly CancellationTokenSource _gone = new();
    private long _heard = now;
    private readonly OccasionalLine _report = new();

    /// <summary>Its id and its name. The id changes if two servers had the same.</summary>
    public ClusterMember Member { get; set; } = member;

    public string Sender => sender;

    /// <summary>Where it takes requests that are forwarded to it: a scheme, a host and a port. Null if it takes none.</summary>
    public string? Address { get; set; }

    /// <summary>It stops and takes no new clients.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>When it started, in milliseconds of Unix time by its own clock.</summary>
    public long Since { get; set; }

    /// <summary>The latest number that it has told of each namespace. Of <see cref="LossCheck"/>, as the next three.</summary>
    public ConcurrentDictionary<string, long> Sent { get; } = new(StringComparer.Ordinal);

    /// <summary>How many of its messages it has not been able to publish.</summary>
    public long Lost { get; set; } = long.MaxValue;

    /// <summary>When it has told the latest ones.</summary>
    public long SentAt { get; set; }

    /// <summary>It has told all its numbers since this server hears it.</summary>
    public bool IsCompared { get; set; }

    /// <summary>Cancelled when it is no longer there.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>When something came from it last.</summary>
    public long Heard => Interlocked.Read(ref _heard);

    public void OnHeard(long now) => Interlocked.Exchange(ref _heard, now);

    /// <summary>Whether the log may have a line about this server again: at most one in 10 s.</summary>
    public bool IsTimeToReport(TimeProvider time) => _report.IsDue(time);

    // On the pool, because forwarded requests end then, and with them middleware of the program.
    public void OnGone() => _ = _gone.CancelAsync();
}
