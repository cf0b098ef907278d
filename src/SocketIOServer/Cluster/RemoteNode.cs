namespace SocketIOServer.Cluster;

/// <summary>Another server of ours.</summary>
internal sealed class RemoteNode(ClusterMember member, string sender, long now)
{
    private long _heard = now;

    public ClusterMember Member => member;

    public string Sender => sender;

    /// <summary>When something came from it last.</summary>
    public long Heard => Interlocked.Read(ref _heard);

    public void OnHeard(long now) => Interlocked.Exchange(ref _heard, now);
}
