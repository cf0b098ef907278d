using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <content>The order of the log, where clients can get their sessions back on any server.</content>
internal sealed partial class ClusterAdapter : ISharedOrder
{
    public bool IsIdle => _delivery!.IsIdle;

    public EntryId ReadFrom => _node.Log!.ReadFrom(_context.Namespace) ?? EntryId.None;

    public EntryId DeliveredTo
    {
        get
        {
            // In this order: what was read before is in the queue then, or out of it.
            var read = IsInUse ? _node.Log!.ReadUpTo(_context.Namespace) : null;
            return read is { } id && IsIdle ? id : EntryId.None;
        }
    }

    /// <summary>Until where the events of the namespace were here.</summary>
    public EntryId DeliveredUpTo
    {
        get
        {
            if (_context.Log is not { Shared: not null } log) return EntryId.None;
            lock (log.Gate) return log.Position;
        }
    }

    public void Post(OutgoingMessage message, in Target target) =>
        PostInOrder(_delivery!, new(message, _context), message.IsCompressible ? target : target with { IsUncompressed = true });

    public void Post(Action action) => _delivery!.Post(new(_delivery, _ =>
    {
        action();
        return default;
    }));

    public void Work() => _delivery!.Work();

    /// <summary>Whether a delivery is one of this adapter.</summary>
    public bool Has(LogDelivery.Item item) => item.Owner == _delivery;

    /// <summary>The namespace comes into use.</summary>
    /// <param name="earlier">What was read before.</param>
    /// <param name="trimmedTo">Events until here are not among them.</param>
    public void Begin(IReadOnlyList<(EntryId Id, LogEntry Entry)> earlier, EntryId trimmedTo)
    {
        if (_context.Log is not { Shared: not null } log) return;
        lock (log.Gate)
        {
            // This server's own may have come while the namespace was not in use, and those of others are between them.
            var own = log.Clear();
            log.TrimTo(trimmedTo);
            foreach (var (id, entry) in earlier) _receiver.OnEarlierEntry(id, entry);
            // The last of them may not be among the earlier ones yet.
            foreach (var logged in own) log.AppendAgain(logged);
        }
    }

    /// <summary>An entry that was in the log before this server was there.</summary>
    public void OnEarlierEntry(EntryId id, LogEntry entry) => _receiver.OnEarlierEntry(id, entry);

    /// <summary>Entries were removed from the log before they were read.</summary>
    public void OnLogGap()
    {
        if (_context.Log is not { Shared: { } shared } log) return;
        lock (log.Gate)
        {
            // Whatever is removed later than this is behind it.
            if (shared.ReadFrom <= log.Gap.LostBefore) return;
            log.Gap.Lose(shared.ReadFrom);
        }

        log.NoteGap();
    }

    private ValueTask BroadcastInOrder(LogDelivery delivery, EncodedEvent @event, Target target)
    {
        PostInOrder(delivery, @event, target);
        delivery.Work();
        return default;
    }

    private void PostInOrder(LogDelivery delivery, EncodedEvent @event, in Target target)
    {
        var item = new LogDelivery.Item(delivery, @event, target) { Origin = target.IsLocal ? LocalOrigin : default };
        if (!target.IsLocal)
        {
            var (json, attachments) = @event.Read();
            item.Entry = EntryOf(new() { Type = ClusterMessageType.Broadcast, Target = target, Json = json, Attachments = attachments }, item);
        }

        delivery.Post(item);
    }

    private ValueTask ChangeInOrder(LogDelivery delivery, in ClusterMessage message, MemberChange change)
    {
        var item = new LogDelivery.Item(delivery, change);
        if (!message.Target.IsLocal) item.Entry = EntryOf(message, item);
        delivery.Append(item);
        return new(item.Done);
    }

    private static async ValueTask AskBehindAsync(LogDelivery delivery, BroadcastCall call, Target target, CancellationToken cancel)
    {
        var item = new LogDelivery.Item(delivery, local => local.CallAsync(call, target, cancel));
        delivery.Append(item);
        await item.Done;
    }

    private LogEntry MarkerOf(LogDelivery.Item item) => EntryOf(new() { Type = ClusterMessageType.Gap }, item);
}
