namespace SocketIOServer.Postgres;

/// <summary>
/// Keeps the order of each channel while messages are loaded from the table: what comes on a channel behind such a message waits for it, and other channels
/// do not. One thread reads, and one loads.
/// </summary>
/// <param name="receive">Handles a message.</param>
/// <param name="maxWaiting">How many messages may wait.</param>
internal sealed class InOrder(Action<string, ReadOnlySpan<byte>> receive, int maxWaiting)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<Waiting>> _channels = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Handles a message now, or behind those that wait. False: too many wait.</summary>
    public bool TryAdd(string channel, ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (_channels.TryGetValue(channel, out var queue))
            {
                if (_count >= maxWaiting) return false;
                queue.Enqueue(new() { Message = message.ToArray() });
                _count++;
                return true;
            }
        }

        receive(channel, message);
        return true;
    }

    /// <summary>Keeps the place of a message that is being loaded. Null: too many wait.</summary>
    public Waiting? Reserve(string channel)
    {
        lock (_gate)
        {
            if (_count >= maxWaiting) return null;
            if (!_channels.TryGetValue(channel, out var queue)) _channels[channel] = queue = new();
            var place = new Waiting();
            queue.Enqueue(place);
            _count++;
            return place;
        }
    }

    /// <summary>A message has been loaded; it is handled, and what waited for it, unless something before it is still missing.</summary>
    public void Fill(string channel, Waiting place, byte[] message)
    {
        lock (_gate) place.Message = message;
        while (TryTake(channel, out var next)) receive(channel, next);
    }

    private bool TryTake(string channel, out byte[] message)
    {
        message = [];
        lock (_gate)
        {
            if (!_channels.TryGetValue(channel, out var queue)) return false;
            // Only when the last one has been handled, the reader may go past the queue.
            if (queue.Count == 0) _channels.Remove(channel);
            if (!queue.TryPeek(out var next) || next.Message is null) return false;
            queue.Dequeue();
            _count--;
            message = next.Message;
            return true;
        }
    }

    /// <summary>The place of a message.</summary>
    internal sealed class Waiting
    {
        /// <summary>Null: it is not there yet.</summary>
        public byte[]? Message { get; set; }
    }
}
