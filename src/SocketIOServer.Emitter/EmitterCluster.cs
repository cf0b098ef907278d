using SocketIOServer.Broadcasts;
using SocketIOServer.Cluster;

namespace SocketIOServer.Emitter;

/// <summary>The servers of the cluster, as an emitter sees them: it is none of them.</summary>
internal sealed class EmitterCluster(EmitterNamespace root, EmitterConnection connection) : ISocketCluster
{
    private readonly SocketCluster _questions = new(root.Context, connection.Node, root.Adapter.Questions);

    public string NodeId => connection.Node.Id;

    public IReadOnlyList<ClusterMember> Nodes => [.. connection.Node.Members.Others.Select(static other => other.Member)];

    public BusState State => connection.Node.State;

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args) =>
        root.Adapter.EmitToServersAsync(root.Context.Encoded(root.Context.Encoder.EventArgs(root.Context.Utf8Name, name, args)));

    public Task<ClusterReply<T>> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default) =>
        AskAsync<T>(name, args.ToArray(), timeout, cancel);

    private async Task<ClusterReply<T>> AskAsync<T>(string name, object?[] args, TimeSpan? timeout, CancellationToken cancel)
    {
        await root.Adapter.WhenReadyAsync(cancel);
        var reply = await _questions.CallArgsAsync<T>(name, args, timeout, cancel);
        root.Adapter.Questions.SayBye();
        return reply;
    }
}
