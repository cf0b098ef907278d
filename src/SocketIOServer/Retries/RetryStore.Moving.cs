namespace SocketIOServer.Retries;

/// <summary>The keys of a session that moves to another server.</summary>
internal sealed partial class RetryStore
{
    /// <summary>Completes when the events of an owner that are being handled now have been handled.</summary>
    public Task WhenHandledAsync(in RetryOwner owner)
    {
        lock (_gate)
        {
            return _owners.TryGetValue(owner, out var events)
                ? Task.WhenAll(events.All.Values.Select(static @event => @event.Ack).Where(static ack => !ack.IsCompleted))
                : Task.CompletedTask;
        }
    }

    /// <summary>The events of an owner that were handled last, the oldest first.</summary>
    public IReadOnlyList<(RetriedEvent Event, KeptAck Ack)> Latest(in RetryOwner owner, int maxCount, long maxBytes)
    {
        lock (_gate)
        {
            DropExpired();
            if (!_owners.TryGetValue(owner, out var events)) return [];
            var latest = new List<(RetriedEvent Event, KeptAck Ack)>();
            for (var node = events.Handled.Last; node is not null && latest.Count < maxCount; node = node.Previous)
            {
                maxBytes -= node.Value.Event.Key.Length + node.Value.Kept!.Bytes;
                if (maxBytes < 0) break;
                latest.Add((node.Value.Event, node.Value.Kept));
            }

            latest.Reverse();
            return latest;
        }
    }

    /// <summary>Another server has handled these events. They are as old as those that have just been handled.</summary>
    public void Add(in RetryOwner owner, IReadOnlyList<(RetriedEvent Event, KeptAck Ack)> handled)
    {
        lock (_gate)
        {
            foreach (var (@event, ack) in handled)
            {
                // One that is dropped for the next may be the last one of its owner.
                if (!_owners.TryGetValue(owner, out var events)) _owners[owner] = events = new();
                var added = new HandledEvent(owner, @event);
                if (!events.All.TryAdd(@event, added)) continue;
                Keep(added, ack);
                added.Release(ack);
            }
        }
    }
}
