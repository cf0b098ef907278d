using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Cluster;

/// <summary>
/// Which server has the sessions whose ids begin with a node's id. Two servers can have drawn the same one: the younger draws again. If it has sessions
/// already, or if the program has chosen the id, nothing is forwarded to either. All members can be used from any thread.
/// </summary>
internal sealed partial class NodeDirectory(ClusterNode node)
{
    // A server that has drawn an id says so in a hello, and can say so in a beat before it hears of the other server with that id.
    private const int MessagesBeforeRedrawing = 2;

    private readonly Lock _gate = new();
    // How many messages servers have sent with the id of this one.
    private readonly Dictionary<string, int> _sameId = new(StringComparer.Ordinal);
    // Servers that cannot prove their address. Each is logged once.
    private readonly HashSet<string> _unproven = new(StringComparer.Ordinal);
    private Dictionary<string, RemoteNode> _owners = new(StringComparer.Ordinal);

    /// <summary>Returns null if the session is not on another server, or if nothing can be forwarded to that server.</summary>
    public RemoteNode? Find(string sessionId)
    {
        // The ids of this server's own sessions are the most frequent ones.
        if (node.Key is null || sessionId.Length <= ClusterOptions.NodeIdLength || sessionId.StartsWith(node.Id, StringComparison.Ordinal)) return null;
        var owners = Volatile.Read(ref _owners).GetAlternateLookup<ReadOnlySpan<char>>();
        return owners.TryGetValue(sessionId.AsSpan(0, ClusterOptions.NodeIdLength), out var owner) && owner.Address is not null ? owner : null;
    }

    /// <summary>Keeps what a server has said about itself. Returns true if this server has drawn another id, which the others must know.</summary>
    public bool Note(RemoteNode other, NodeMessage message, ConcurrentDictionary<string, RemoteNode> others)
    {
        var address = AddressOf(message);
        if (other.Address != address || other.Since != message.Since || !IsListed(other))
        {
            (other.Address, other.Since) = (address, message.Since);
            Update(others);
        }

        return message.Node == node.Id && IsRedrawn(message);
    }

    /// <summary>Called when a server has come, has gone, or has changed.</summary>
    public void Update(ConcurrentDictionary<string, RemoteNode> others)
    {
        lock (_gate)
        {
            var owners = new Dictionary<string, RemoteNode>(StringComparer.Ordinal);
            foreach (var group in others.Select(static entry => entry.Value).GroupBy(static other => other.Member.Id, StringComparer.Ordinal))
            {
                // A server that ended without a word and was started anew with the id that the program has chosen: both have one address.
                var latest = group.MaxBy(static other => other.Since)!;
                if (group.All(other => other.Address == latest.Address)) owners[group.Key] = latest;
            }

            Volatile.Write(ref _owners, owners);
        }
    }

    private bool IsListed(RemoteNode other) => Volatile.Read(ref _owners).TryGetValue(other.Member.Id, out var listed) && listed == other;

    private string? AddressOf(NodeMessage message)
    {
        if (message.Address is not { } address || node.Key is not { } key) return null;
        if (message.Seal is { } seal && NodeSeal.IsValid(seal, key, message.Sender, message.Node, address)
            && Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri.GetLeftPart(UriPartial.Authority);
        lock (_gate)
        {
            if (!_unproven.Add(message.Sender)) return null;
        }

        LogUnproven(node.Logger, message.Name, message.Node);
        return null;
    }

    private bool IsRedrawn(NodeMessage message)
    {
        var isYounger = node.Since != message.Since ? node.Since > message.Since : string.CompareOrdinal(node.Sender, message.Sender) > 0;
        if (isYounger && node.TryRedraw(message.Node))
        {
            LogRedrawn(node.Logger, message.Node, node.Id);
            return true;
        }

        lock (_gate)
        {
            var count = _sameId[message.Sender] = _sameId.GetValueOrDefault(message.Sender) + 1;
            if (count != (isYounger ? 1 : MessagesBeforeRedrawing + 1)) return false;
        }

        LogSameId(node.Logger, message.Name, message.Node);
        return false;
    }

    [LoggerMessage(52, LogLevel.Information, "Another server of the cluster has the id {Taken}, so this server has drawn the id {Id}.")]
    private static partial void LogRedrawn(ILogger logger, string taken, string id);

    [LoggerMessage(53, LogLevel.Error, "The server {Name} of the cluster has the same id {Id} as this one, and there are sessions with it. Requests for these sessions are not forwarded. Restart one of the two servers, or give each its own ClusterOptions.NodeId.")]
    private static partial void LogSameId(ILogger logger, string name, string id);

    [LoggerMessage(54, LogLevel.Error, "The server {Name} ({Id}) of the cluster has another value of ClusterOptions.Secret than this one, so no requests are forwarded to it.")]
    private static partial void LogUnproven(ILogger logger, string name, string id);
}
