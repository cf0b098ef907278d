using System.Collections.Concurrent;
using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>
/// Publishes to the masters of a Redis Cluster. A master that is gone or slow costs only the messages for its own slots. Where a slot has moved, the messages
/// for it wait a moment: the first that comes to the new owner would find no subscriber there.
/// </summary>
internal sealed class ShardedPublisher
{
    // A master that does not answer may owe so many answers until its probe says that it is lost.
    private const int MaxWaiting = 16_384;

    // Redis tells subscribers at once that a slot has moved, and they subscribe at the new owner.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<int, MovedSlot> _moved = new();
    private readonly List<Task> _sending = [];
    private readonly ISubscriber _redis;
    private readonly RedisShards _shards;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly Action<int> _onUncertain;
    private long _number;

    public ShardedPublisher(ISubscriber redis, RedisShards shards, TimeSpan patience, TimeProvider time, Action<int> onUncertain)
    {
        (_redis, _shards, _patience, _time, _onUncertain) = (redis, shards, patience, time, onUncertain);
        shards.Moved += slot => Hold(slot);
    }

    /// <summary>Publishes messages, those of one channel in their order. Waits for the answers of the masters, but not long for one that does not answer.</summary>
    /// <returns>How many were not sent, because their master is lost. What fails later is reported as uncertain.</returns>
    public async Task<int> SendAsync(IEnumerable<BusMessage> messages, CancellationToken cancel)
    {
        var unsent = 0;
        foreach (var message in messages)
        {
            var slot = _shards.SlotOf(message.Channel);
            if (_shards.OfSlot(slot) is not { IsLost: false } shard || shard.Waiting >= MaxWaiting)
            {
                unsent++;
                continue;
            }

            var number = ++_number;
            if (_moved.TryGetValue(slot, out var moved) && moved.TryAdd(number, message)) continue;
            var sending = PublishAsync(shard, slot, number, message);
            if (!shard.IsSlow) _sending.Add(sending);
        }

        try
        {
            await Task.WhenAll(_sending).WaitAsync(_patience, _time, cancel);
        }
        catch (TimeoutException)
        {
            _shards.MarkSlow();
        }
        catch (OperationCanceledException)
        {
            // The connection ends. What fails then is counted by its own task.
        }

        _sending.Clear();
        return unsent;
    }

    // Never throws.
    private async Task PublishAsync(RedisShard shard, int slot, long number, BusMessage message)
    {
        shard.OnSending();
        try
        {
            await _redis.PublishAsync(RedisChannel.Sharded(message.Channel), message.Body, CommandFlags.NoRedirect);
        }
        catch (RedisException e) when (e.Message.Contains("MOVED", StringComparison.Ordinal))
        {
            // It was refused, so nobody has it, and it can be published again.
            while (!Hold(slot).TryAdd(number, message))
            {
            }
        }
        catch (Exception)
        {
            _onUncertain(1);
        }
        finally
        {
            shard.OnAnswered();
        }
    }

    private MovedSlot Hold(int slot)
    {
        if (_moved.TryGetValue(slot, out var known)) return known;
        var added = new MovedSlot();
        var moved = _moved.GetOrAdd(slot, added);
        if (moved == added) _ = ReleaseAsync(slot, moved);
        return moved;
    }

    private async Task ReleaseAsync(int slot, MovedSlot moved)
    {
        var begin = _time.GetTimestamp();
        await Task.Delay(Settle, _time);
        while (moved.TakeOrClose() is { } held)
        {
            if (_shards.OfSlot(slot) is not { IsLost: false } shard || _time.GetElapsedTime(begin) > GiveUp)
            {
                _onUncertain(held.Count);
                continue;
            }

            // One that is refused again is held again, with its number.
            await Task.WhenAll(held.Select(one => PublishAsync(shard, slot, one.Number, one.Message)));
            if (_time.GetElapsedTime(begin) > 2 * Settle) await Task.Delay(Settle / 5, _time);
        }

        _moved.TryRemove(new(slot, moved));
    }
}
