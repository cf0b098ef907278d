using SocketIOServer.Cluster;

namespace SocketIOServer.Broadcasts;

/// <summary>The cluster of a server that has none.</summary>
internal sealed class LoneServer : ISocketCluster
{
    private static readonly ClusterMember Self = new("self", Environment.MachineName);

    public static LoneServer Instance { get; } = new();

    public string NodeId => Self.Id;

    public IReadOnlyList<ClusterMember> Nodes { get; } = [Self];

    public BusState State => BusState.Alive;

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args) => default;

    public Task<ClusterReply<T>> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default) =>
        Task.FromResult(new ClusterReply<T>(new Dictionary<string, T>(), []));
}
