using System.Threading.Channels;
using Microsoft.Extensions.Options;
using SocketIOServer;

namespace Chat.Presence;

/// <summary>
/// Tells the other nodes who is on this one, and hears who is on them. Each node changes its own part alone. Updates are numbered, so a node that missed
/// some, for example in an outage of the bus, asks for all. Without a cluster nobody is told and nobody is heard.
/// </summary>
internal sealed class PresenceExchange : BackgroundService
{
    public const string Update = "presence";
    public const string Wanted = "presence wanted";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // The number of an update may have been lost with the update: it is told again every so many looks.
    private const int LooksBetweenBeats = 5;

    private readonly Channel<Work> _work = Channel.CreateUnbounded<Work>(new() { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly OnlineUsers _online;
    private readonly ISocketCluster _cluster;
    private readonly TimeProvider _time;
    private readonly TimeSpan _grace;
    private long _version;

    public PresenceExchange(OnlineUsers online, [FromKeyedServices(ChatApp.Server)] ISocketServer server, TimeProvider time, IOptions<ChatOptions> options)
    {
        (_online, _cluster, _time, _grace) = (online, server.Cluster, time, options.Value.Grace);
        online.OwnChanged += (user, isNews) => _work.Writer.TryWrite(new(user, isNews));
    }

    /// <summary>Another node tells of its users.</summary>
    public void Receive(PresenceUpdate update)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue(update.Node, out var known)) _known.Add(update.Node, known = new());
            known.GoneSince = null;
            if (!update.IsFull)
            {
                if (update.Version == known.Version) return;
                if (update.From != known.Version)
                {
                    _ = _cluster.EmitAsync(Wanted, update.Node).AsTask();
                    return;
                }
            }

            known.Version = update.Version;
        }

        _online.Update(update.Node, update.Visitors, update.IsFull);
    }

    /// <summary>Another node asks a node, or with an empty name all nodes, for all of its users.</summary>
    public void Answer(string node)
    {
        if (node.Length == 0 || node == _cluster.NodeId) _work.Writer.TryWrite(new(All: true));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _cluster.EmitAsync(Wanted, "");
        await Task.WhenAll(SendAsync(stoppingToken), LookAsync(stoppingToken));
    }

    // The only one that sends, so the updates are in order.
    private async Task SendAsync(CancellationToken stop)
    {
        await foreach (var work in _work.Reader.ReadAllAsync(stop))
        {
            var before = _version;
            if (work.User is { } user) _version++;
            Visitor[] visitors = work.All ? [.. _online.Own]
                : work.User is { } changed ? [(_online.FindOwn(changed) ?? new(changed, "", null)) with { IsNews = work.IsNews }]
                : [];
            await _cluster.EmitAsync(Update, new PresenceUpdate(_cluster.NodeId, work.All ? 0 : before, _version, visitors, work.All));
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Look, _time);
        for (var look = 1; await timer.WaitForNextTickAsync(stop); look++)
        {
            if (look % LooksBetweenBeats == 0) _work.Writer.TryWrite(new());
            foreach (var node in TakeGone()) _online.Update(node, [], isFull: true);
        }
    }

    // The users of a node that died connect to others, and have not left if they come within the grace time.
    private List<string> TakeGone()
    {
        var there = _cluster.Nodes.Select(node => node.Id).ToHashSet(StringComparer.Ordinal);
        var gone = new List<string>();
        var now = _time.GetTimestamp();
        lock (_gate)
        {
            foreach (var (node, known) in _known)
            {
                if (there.Contains(node)) known.GoneSince = null;
                else if (_time.GetElapsedTime(known.GoneSince ??= now, now) >= _grace) gone.Add(node);
            }

            foreach (var node in gone) _known.Remove(node);
        }

        return gone;
    }

    /// <summary>A user has changed, or all is asked for, or neither: the others are told the version.</summary>
    private readonly record struct Work(long? User = null, bool IsNews = true, bool All = false);

    private sealed class Known
    {
        public long Version { get; set; }

        public long? GoneSince { get; set; }
    }
}
