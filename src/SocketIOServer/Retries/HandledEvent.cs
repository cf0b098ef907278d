namespace SocketIOServer.Retries;

/// <summary>An event with a key that is being handled or was handled.</summary>
internal sealed class HandledEvent(RetryOwner owner, RetriedEvent @event)
{
    // The memory of an entry beside its texts and its ack.
    private const int Overhead = 400;

    private readonly TaskCompletionSource<KeptAck?> _ack = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RetryOwner Owner => owner;

    public RetriedEvent Event => @event;

    /// <summary>The ack that the event got; null if it was not handled.</summary>
    public Task<KeptAck?> Ack => _ack.Task;

    /// <summary>The same, once it was handled.</summary>
    public KeptAck? Kept { get; private set; }

    /// <summary>When its handler ended: a timestamp of the server's clock.</summary>
    public long Time { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Its place among those of its owner, and among all.</summary>
    public (LinkedListNode<HandledEvent> OfOwner, LinkedListNode<HandledEvent> OfAll) Places { get; set; }

    /// <summary>The event was handled. Whoever waits for the ack goes on after <see cref="Release"/>.</summary>
    public void SetHandled(KeptAck ack, long time) => (Kept, Time, Bytes) = (ack, time, Overhead + 2L * (@event.Key.Length + owner.Id.Length) + ack.Bytes);

    public void Release(KeptAck? ack) => _ack.TrySetResult(ack);
}
