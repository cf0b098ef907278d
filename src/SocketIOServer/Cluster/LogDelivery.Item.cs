using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

internal sealed partial class LogDelivery
{
    /// <summary>An event or a change on its way to the sockets of this server.</summary>
    public sealed class Item(LogDelivery owner)
    {
        private readonly TaskCompletionSource? _done;
        private EntryId _readAs;

        public Item(LogDelivery owner, EncodedEvent @event, Target target)
            : this(owner) => (Event, Target) = (@event, target);

        public Item(LogDelivery owner, Func<InMemoryAdapter, ValueTask> call)
            : this(owner) => (Call, _done) = (call, new(TaskCreationOptions.RunContinuationsAsynchronously));

        public Item(LogDelivery owner, MemberChange change)
            : this(owner) => (Change, _done) = (change, new(TaskCreationOptions.RunContinuationsAsynchronously));

        public LogDelivery Owner => owner;

        /// <summary>Null: it does not go to the other servers.</summary>
        public LogEntry? Entry { get; set; }

        /// <summary>Which server has sent it; the default where no other server gets it.</summary>
        public EventOrigin Origin { get; init; }

        /// <summary>Its place in the log. None: it is not known, or what is before it was not delivered yet.</summary>
        public EntryId Id { get; private set; }

        public long Since { get; init; } = owner.Now;

        public bool IsFollower { get; set; }

        public bool IsDelivered { get; private set; }

        /// <summary>It was delivered before its place in the log was known.</summary>
        public bool IsUnplaced { get; set; }

        /// <summary>How many lost events it tells of. 0: it is no such marker.</summary>
        public int Lost { get; set; }

        /// <summary>It is for connected sockets alone, and clients that come back do not miss it.</summary>
        public bool IsCall => Call is not null;

        /// <summary>It is an event that clients which come back get.</summary>
        public bool IsKept => Call is null && Change is null && Entry is not null && !Target.IsVolatile;

        /// <summary>It is a change that sessions which are elsewhere get.</summary>
        public bool IsKeptChange => Change is not null && Entry is not null;

        /// <summary>Completes when a change was made.</summary>
        public Task Done => _done?.Task ?? Task.CompletedTask;

        private EncodedEvent Event { get; }

        private Target Target { get; }

        private Func<InMemoryAdapter, ValueTask>? Call { get; }

        private MemberChange? Change { get; }

        public void OnReadBack(EntryId id)
        {
            _readAs = id;
            owner.Do(Step.ReadBack, this);
        }

        /// <summary>
        /// Everything before it in the log was delivered. Earlier, its id must not count: if it is delivered because it has waited for too long, clients would have a
        /// later offset than the events that are still in the queue, and those would not be kept.
        /// </summary>
        public void TakePlace() => Id = _readAs;

        public void OnDropped() => owner.Do(Step.Dropped, this);

        /// <summary>Delivers it. All of the local adapter's methods complete at once.</summary>
        public void Run(InMemoryAdapter local)
        {
            IsDelivered = true;
            if (Call is { } call) _ = call(local).AsTask();
            else if (Change is { } change) _ = local.Change(change, Source).AsTask();
            else _ = local.BroadcastAsync(Event, Target, Source).AsTask();
            _done?.TrySetResult();
        }

        /// <summary>It could not be delivered. Whoever has asked for a change gets the exception.</summary>
        public void Fail(Exception error)
        {
            // Observed here: of some, nobody waits for the end.
            if (_done?.TrySetException(error) == true) _ = _done.Task.Exception;
        }

        /// <summary>Keeps it for clients that come back.</summary>
        public void Keep(InMemoryAdapter local)
        {
            if (Change is { } change) local.Keep(change, Id);
            else local.Keep(Event, Target, Source);
        }

        private EventOrigin Source => Entry is { } entry ? new(entry.Sender, entry.Number) { Id = Id, IsUnplaced = IsUnplaced } : Origin;
    }
}
