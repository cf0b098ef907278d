using Microsoft.Extensions.Logging;

namespace SocketIOServer.Cluster;

/// <summary>What an adapter says of itself to servers that are none of ours; see <see cref="Heartbeats"/>.</summary>
internal sealed partial class ClusterAdapter
{
    /// <summary>This server is there again, or for the first time: who hears it answers.</summary>
    public void Announce()
    {
        _foreign.Renew();
        Send(Own(ClusterMessageType.InitialHeartbeat));
    }

    /// <summary>This server is there.</summary>
    public void Beat() => Send(Own(ClusterMessageType.Heartbeat));

    /// <summary>The same, if somebody needs to know and nothing else has told them. Those that are silent for too long are gone.</summary>
    public void BeatIfQuiet()
    {
        if (_foreign.IsEmpty) return;
        foreach (var sender in _foreign.Forget()) _requests.OnForeignGone(sender, saidBye: false);
        if (!_foreign.IsEmpty && _node.Time.GetElapsedTime(Volatile.Read(ref _lastSent)) >= Heartbeats.Interval) Beat();
    }

    /// <summary>This server goes, or has the namespace no longer in use.</summary>
    public void SayBye()
    {
        if (_node.Wire.HasHeartbeats && !_foreign.IsEmpty) Send(Own(ClusterMessageType.Close));
    }

    // Whoever asks counts as there for Node's servers, which would wait for its answers to their own questions.
    private void OnAsked()
    {
        if (_node.Wire.HasHeartbeats && !IsInUse) Send(Own(ClusterMessageType.Close));
    }

    // With the node's id, which Node ignores: our own servers know each other in another way.
    private ClusterMessage Own(ClusterMessageType type) => new() { Type = type, NodeId = _node.Id };

    // Not before this server hears the answers. Where the bus is not alive yet, all are announced when it is.
    private async Task AnnounceSoonAsync()
    {
        if (_node.Bus.State != BusState.Alive) return;
        await _answers.Ready;
        if (IsInUse) Announce();
    }

    [LoggerMessage(69, LogLevel.Warning, "The namespace {Namespace} is on this server alone: its name is too long for a channel of the bus {Bus}, or has a character that none can have. Further ones are not logged.")]
    private static partial void LogNoChannel(ILogger logger, string @namespace, string bus);
}
