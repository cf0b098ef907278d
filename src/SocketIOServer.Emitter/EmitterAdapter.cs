using System.Collections.Immutable;
using SocketIOServer.Adapters;
using SocketIOServer.Cluster;

namespace SocketIOServer.Emitter;

/// <summary>
/// One namespace as an emitter sees it: nobody is in it here, and what is sent goes to the servers. It is never in use, so no server counts it.
/// </summary>
/// <remarks>
/// What has no answer is sent as "emitter", as @socket.io/redis-emitter and its relatives do: all of Node's adapters then know that it is no server.
/// Questions have a sender of their own, because the answers go to it. Where Node's servers have heartbeats, they take it for a server that is there from then
/// on, so it says goodbye behind each question.
/// </remarks>
internal sealed class EmitterAdapter(AdapterContext context, EmitterConnection connection) : Adapter, IServerEvents
{
    private const string Sender = "emitter";

    private readonly ClusterAdapter _questions = new(context, connection.Node);

    /// <summary>What asks the servers.</summary>
    public ClusterAdapter Questions => _questions;

    public override void Add(Member member) => throw new NotSupportedException("An emitter has no sockets.");

    public override IReadOnlyCollection<string> Remove(Member member) => [];

    public override void Join(Member member, ReadOnlySpan<string> rooms) => throw new NotSupportedException("An emitter has no sockets.");

    public override void Leave(Member member, ReadOnlySpan<string> rooms) => throw new NotSupportedException("An emitter has no sockets.");

    public override IReadOnlyCollection<string> RoomsOf(Member member) => [];

    public override Member? Find(string socketId) => null;

    public override ValueTask BroadcastAsync(EncodedEvent @event, Target target)
    {
        var (json, attachments) = @event.Read();
        return SendAsync(new() { Type = ClusterMessageType.Broadcast, Target = target, Json = json, Attachments = attachments });
    }

    public override ValueTask JoinAsync(Target target, ImmutableArray<string> rooms)
    {
        CheckRooms(rooms);
        return SendAsync(new() { Type = ClusterMessageType.Join, Target = target, Rooms = rooms });
    }

    public override ValueTask LeaveAsync(Target target, ImmutableArray<string> rooms)
    {
        CheckRooms(rooms);
        return SendAsync(new() { Type = ClusterMessageType.Leave, Target = target, Rooms = rooms });
    }

    public override ValueTask DisconnectAsync(Target target, bool close) => SendAsync(new() { Type = ClusterMessageType.Disconnect, Target = target, Close = close });

    /// <summary>An event for the servers, without answers.</summary>
    public ValueTask EmitToServersAsync(EncodedEvent @event)
    {
        var (json, attachments) = @event.Read();
        return SendAsync(new() { Type = ClusterMessageType.ServerEvent, Json = json, Attachments = attachments });
    }

    /// <summary>The same for what servers find out later without it, so nobody has to know that the bus has not taken it.</summary>
    public void EmitToServers(EncodedEvent @event) => _ = TryEmitToServersAsync(@event);

    /// <summary>Completes when the servers can be asked.</summary>
    public Task WhenReadyAsync(CancellationToken cancel) => connection.WhenReadyToAskAsync(cancel);

    public override async ValueTask CallAsync(BroadcastCall call, Target target, CancellationToken cancel)
    {
        await WhenReadyAsync(cancel);
        await _questions.CallAsync(call, target, cancel);
        _questions.SayBye();
    }

    public override async ValueTask<IReadOnlyList<SocketSnapshot>> FetchAsync(Target target, CancellationToken cancel)
    {
        await WhenReadyAsync(cancel);
        var answer = await _questions.FetchAsync(target, cancel);
        _questions.SayBye();
        return answer;
    }

    public override async ValueTask<int> CountAsync(Target target, CancellationToken cancel) => (await CountSocketsAsync(target, cancel)).Count;

    public override async ValueTask<SocketCount> CountSocketsAsync(Target target, CancellationToken cancel)
    {
        await WhenReadyAsync(cancel);
        var answer = await _questions.CountSocketsAsync(target, cancel);
        _questions.SayBye();
        return answer;
    }

    public override async ValueTask<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel)
    {
        await WhenReadyAsync(cancel);
        var answer = await _questions.RoomsAsync(cancel);
        _questions.SayBye();
        return answer;
    }

    private static void CheckRooms(ImmutableArray<string> rooms)
    {
        foreach (var room in rooms) ArgumentNullException.ThrowIfNull(room, nameof(rooms));
    }

    private async Task TryEmitToServersAsync(EncodedEvent @event)
    {
        try
        {
            await EmitToServersAsync(@event);
        }
        catch (EmitterException)
        {
            // As said above.
        }
    }

    private ValueTask SendAsync(in ClusterMessage message)
    {
        if (message.Target.IsLocal) return default;
        var wire = connection.Node.Wire;
        if (connection.Node.Log is not null && wire.IsLogged(message)) return connection.Appended(_questions.Publish(message));
        return connection.PublishAsync(wire.ChannelOf(context.Namespace, message), wire.Write(context.Namespace, message with { Sender = Sender }, context.Encoder));
    }
}
