using SocketIOServer.Cluster;
using SocketIOServer.Events;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Broadcasts;

/// <summary>The cluster as the program gets it in a namespace. Events for the servers travel in that namespace, as those of <c>serverSideEmit</c>.</summary>
internal sealed class SocketCluster(NamespaceContext @namespace, ClusterNode node, ClusterAdapter adapter) : ISocketCluster
{
    // For the log.
    private const string Name = "(the answer of a server)";

    public string NodeId => node.Id;

    public IReadOnlyList<ClusterMember> Nodes => [new(node.Id, node.Options.NodeName), .. node.Members.Others.Select(static other => other.Member)];

    public BusState State => node.State;

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args)
    {
        adapter.EmitToServers(@namespace.Encoded(@namespace.Encoder.EventArgs(@namespace.Utf8Name, name, args)));
        return default;
    }

    public Task<ClusterReply<T>> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default)
    {
        try
        {
            return ReadAsync<T>(adapter.CallServersAsync(@namespace.Encoded(@namespace.Encoder.EventArgs(@namespace.Utf8Name, name, args)), timeout, cancel));
        }
        catch (Exception e)
        {
            // As with the call of a socket: the exception comes where the call is awaited.
            return Task.FromException<ClusterReply<T>>(e);
        }
    }

    private async Task<ClusterReply<T>> ReadAsync<T>(Task<(IReadOnlyList<ClusterMessage> Answers, IReadOnlyList<string> MissingNodes)> asking)
    {
        var (answers, missing) = await asking;
        var replies = new Dictionary<string, T>(StringComparer.Ordinal);
        var wrong = new List<string>();
        var unnamed = 0;
        foreach (var answer in answers)
        {
            // The answers of Node's classic adapter do not say who they are from. Each counts as one of another server, as the acks of such a server do.
            var sender = answer.Sender == ClusterMessage.Anonymous ? $"/{++unnamed}" : answer.Sender;
            if (TryRead<T>(answer, out var value)) replies[answer.NodeId ?? sender] = value!;
            else wrong.Add(node.Members.Find(answer.Sender)?.Member.Name ?? sender);
        }

        return new(replies, [.. missing, .. wrong]);
    }

    private bool TryRead<T>(in ClusterMessage answer, out T? value)
    {
        value = default;
        try
        {
            byte[] json = [(byte)'[', .. answer.Json.Span, (byte)']'];
            var packet = new SocketPacket { Type = SocketPacketType.Ack, Json = Surrogates.Repair(json), ArgumentsStart = 1, Attachments = answer.Attachments };
            value = new JsonArguments(packet, @namespace.Encoder).ReadOrNull<T>();
            return true;
        }
        catch (Exception e)
        {
            // Another type, or what a converter of the program's throws.
            if (!JsonArguments.IsFault(e)) UserCode.OnFailed(e, Name, @namespace, null);
            return false;
        }
    }
}
