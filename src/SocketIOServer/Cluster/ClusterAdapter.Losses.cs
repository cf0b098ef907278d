namespace SocketIOServer.Cluster;

/// <summary>Events of other servers that were lost on their way to this one, so that no client is told that it has everything; see <see cref="LossCheck"/>.</summary>
internal sealed partial class ClusterAdapter
{
    /// <summary>Other servers may have sent events that this one has not heard. The caller holds the gate of the log.</summary>
    private bool IsInDoubt => _node.Losses.IsInDoubt || _received.IsVerifying || _node.Losses.IsOut && HearsUnnumbered;

    private bool HearsUnnumbered => !_foreign.IsEmpty || _context.Log!.HasHadUnnumbered;

    /// <summary>A server tells its latest number in this namespace.</summary>
    public void OnSent(string sender, long number, long before, bool isFirst, long at) => _received.Expect(sender, number, before, isFirst, at);

    /// <summary>Events of others were lost.</summary>
    public void NoteGap() => _context.Log?.NoteGap();

    /// <summary>The bus is alive again. What has no number may have been lost meanwhile.</summary>
    public void OnHeardAgain()
    {
        // What is in the log of the cluster is read afterwards.
        if (_context.Log is not { Shared: null } log) return;
        lock (log.Gate)
        {
            if (!HearsUnnumbered) return;
        }

        log.NoteGap();
    }
}
