using System.Collections.Immutable;

namespace SocketIOServer.Adapters;

/// <summary>Passes every call to another adapter. Derive from it to do something more, such as telling servers of another kind.</summary>
/// <param name="inner">The adapter that does the work.</param>
public abstract class DelegatingAdapter(Adapter inner) : Adapter
{
    /// <inheritdoc/>
    public override string? Cluster => Inner.Cluster;

    /// <summary>The adapter that does the work.</summary>
    protected Adapter Inner { get; } = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public override void Start() => Inner.Start();

    /// <inheritdoc/>
    public override void Stop() => Inner.Stop();

    /// <inheritdoc/>
    public override void Add(Member member) => Inner.Add(member);

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> Remove(Member member) => Inner.Remove(member);

    /// <inheritdoc/>
    public override void Join(Member member, ReadOnlySpan<string> rooms) => Inner.Join(member, rooms);

    /// <inheritdoc/>
    internal override int JoinWithHistory(Member member, string room, int maxEvents) => Inner.JoinWithHistory(member, room, maxEvents);

    /// <inheritdoc/>
    public override void Leave(Member member, ReadOnlySpan<string> rooms) => Inner.Leave(member, rooms);

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> RoomsOf(Member member) => Inner.RoomsOf(member);

    /// <inheritdoc/>
    public override Member? Find(string socketId) => Inner.Find(socketId);

    /// <inheritdoc/>
    public override ValueTask BroadcastAsync(EncodedEvent @event, Target target) => Inner.BroadcastAsync(@event, target);

    /// <inheritdoc/>
    public override ValueTask CallAsync(BroadcastCall call, Target target, CancellationToken cancel) => Inner.CallAsync(call, target, cancel);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<SocketSnapshot>> FetchAsync(Target target, CancellationToken cancel) => Inner.FetchAsync(target, cancel);

    /// <inheritdoc/>
    public override ValueTask<int> CountAsync(Target target, CancellationToken cancel) => Inner.CountAsync(target, cancel);

    /// <inheritdoc/>
    public override ValueTask<SocketCount> CountSocketsAsync(Target target, CancellationToken cancel) => Inner.CountSocketsAsync(target, cancel);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel) => Inner.RoomsAsync(cancel);

    /// <inheritdoc/>
    public override ValueTask JoinAsync(Target target, ImmutableArray<string> rooms) => Inner.JoinAsync(target, rooms);

    /// <inheritdoc/>
    public override ValueTask LeaveAsync(Target target, ImmutableArray<string> rooms) => Inner.LeaveAsync(target, rooms);

    /// <inheritdoc/>
    public override ValueTask DisconnectAsync(Target target, bool close) => Inner.DisconnectAsync(target, close);
}
