using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>
/// The masters of a Redis Cluster and who of them has which slot. Each has a probe of its own: a sharded channel exists on one master alone, so a message
/// that comes back through one of them says nothing about the others.
/// </summary>
internal sealed partial class RedisShards(
    ConnectionMultiplexer publisher, ConnectionMultiplexer subscriber, TimeSpan interval, TimeProvider time, ILogger logger, string bus, CancellationToken cancel)
{
    private const int SlotCount = 16_384;

    // While a master is lost, it is looked for more often.
    private static readonly TimeSpan LostInterval = TimeSpan.FromMilliseconds(200);

    private readonly RedisShard?[] _bySlot = new RedisShard?[SlotCount];
    private readonly ConcurrentDictionary<EndPoint, RedisShard> _all = new();
    private readonly ISubscriber _publishing = publisher.GetSubscriber();
    private readonly ISubscriber _subscribing = subscriber.GetSubscriber();
    private int _next;

    /// <summary>The probe of a master has come back.</summary>
    public event Action? Proven;

    /// <summary>A master is there again, or slots may have another owner.</summary>
    public event Action? Changed;

    /// <summary>A slot has another owner, so subscribers are about to change to it.</summary>
    public event Action<int>? Moved;

    /// <summary>The connection that subscribes was told that a slot has moved.</summary>
    public event Action? Redirected;

    /// <summary>What was subscribed to on a master does not arrive, although its connections are open.</summary>
    public event Action<RedisShard>? Deaf;

    /// <summary>No master is left.</summary>
    public event Action<Exception?>? AllLost;

    /// <summary>Some master carries messages there and back.</summary>
    public bool IsProven => _all.Any(static entry => entry.Value.IsProven);

    /// <summary>Null: every master is there.</summary>
    public string? Problem
    {
        get
        {
            string[] lost = [.. _all.Where(static entry => entry.Value.IsLost).Select(static entry => entry.Value.Name).Order(StringComparer.Ordinal)];
            return lost.Length == 0 ? null : $"Of the Redis Cluster {string.Join(", ", lost)} cannot be reached: events of the rooms and namespaces whose channels are there do not reach clients of other servers.";
        }
    }

    public int SlotOf(string channel) => publisher.HashSlot(channel);

    public RedisShard? OfSlot(int slot) => Volatile.Read(ref _bySlot[slot]);

    /// <summary>Null: no master has the slot.</summary>
    public RedisShard? Of(string channel) => OfSlot(SlotOf(channel));

    /// <summary>Reads who has what, and begins to watch.</summary>
    public async Task StartAsync()
    {
        publisher.HashSlotMoved += (_, moved) =>
        {
            if (!cancel.IsCancellationRequested && moved.NewEndPoint is { } owner && moved.HashSlot is >= 0 and < SlotCount) Assign(moved.HashSlot, Add(owner));
        };
        subscriber.HashSlotMoved += (_, _) => Redirected?.Invoke();
        await RefreshAsync();
        foreach (var server in publisher.GetServers())
        {
            if (!server.IsConnected && _all.TryGetValue(server.EndPoint, out var shard)) Lose(shard, null);
        }

        _ = LookAsync();
    }

    /// <summary>A connection to a master has ended, or could not be opened.</summary>
    public void OnFailed(EndPoint? endPoint, Exception? exception)
    {
        if (endPoint is not null && _all.TryGetValue(endPoint, out var shard)) Lose(shard, exception);
    }

    /// <summary>Nobody waits any longer for those who owe answers now.</summary>
    public void MarkSlow()
    {
        foreach (var (_, shard) in _all)
        {
            shard.IsSlow = shard.Waiting > 0;
        }
    }

    private async Task LookAsync()
    {
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(interval, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await RefreshAsync();
                Changed?.Invoke();
            }
            catch (Exception)
            {
                // The next master is asked the next time.
            }
        }
    }

    private async Task RefreshAsync()
    {
        IServer[] servers = [.. publisher.GetServers().Where(static server => server.IsConnected && !server.IsReplica)];
        if (servers.Length == 0 || cancel.IsCancellationRequested) return;
        // One after another: none of them is always right.
        var server = servers[(int)((uint)_next++ % servers.Length)];
        var configuration = await server.ClusterNodesAsync().WaitObservedAsync(interval, time, cancel);
        if (configuration is null) return;
        var owners = new HashSet<RedisShard>();
        foreach (var node in configuration.Nodes)
        {
            if (node.IsReplica || node.IsNoAddr || node.EndPoint is not { } endPoint || node.Slots.Count == 0) continue;
            var shard = Add(endPoint);
            owners.Add(shard);
            foreach (var range in node.Slots)
            {
                for (var slot = range.From; slot <= range.To; slot++) Assign(slot, shard);
            }
        }

        foreach (var (endPoint, shard) in _all)
        {
            // One that has just become an owner by MOVED may not be known to the one that was asked.
            if (owners.Contains(shard) || _bySlot.Contains(shard)) continue;
            _all.TryRemove(endPoint, out _);
            await shard.Watching.CancelAsync();
        }
    }

    private RedisShard Add(EndPoint endPoint)
    {
        if (_all.TryGetValue(endPoint, out var known)) return known;
        var added = new RedisShard(endPoint, CancellationTokenSource.CreateLinkedTokenSource(cancel));
        var shard = _all.GetOrAdd(endPoint, added);
        if (shard == added) _ = WatchAsync(shard, shard.Watching.Token);
        return shard;
    }

    private void Assign(int slot, RedisShard shard)
    {
        if (Interlocked.Exchange(ref _bySlot[slot], shard) is { } before && before != shard) Moved?.Invoke(slot);
    }

    private async Task WatchAsync(RedisShard shard, CancellationToken ended)
    {
        var missed = 0;
        // Its slots are still to be assigned.
        await Task.Yield();
        while (!ended.IsCancellationRequested)
        {
            Exception? why = null;
            try
            {
                await ProbeAsync(shard, ended);
                missed = 0;
                OnBack(shard);
            }
            catch (Exception e)
            {
                why = e;
            }

            if (ended.IsCancellationRequested) break;
            if (why is not null && ++missed >= 2)
            {
                Lose(shard, why);
                // The message was accepted, and the subscription did not bring it.
                if (why is TimeoutException && shard.Subscription is not null)
                {
                    await EndAsync(shard);
                    Deaf?.Invoke(shard);
                }
            }

            await Task.Delay(shard.IsLost || why is not null || shard.Subscription is null ? LostInterval : interval, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ProbeAsync(RedisShard shard, CancellationToken ended)
    {
        if (shard.Subscription is { } old && Of(old.Channel) != shard) await EndAsync(shard);
        if (shard.Subscription is null) await SubscribeAsync(shard, ended);
        var channel = RedisChannel.Sharded(shard.Subscription!.Value.Channel);
        var (number, back) = shard.NextProbe();
        await _publishing.PublishAsync(channel, number, CommandFlags.NoRedirect).WaitObservedAsync(interval, time, ended);
        await back.WaitAsync(interval, time, ended);
    }

    private async Task SubscribeAsync(RedisShard shard, CancellationToken ended)
    {
        string name;
        var tries = 0;
        do
        {
            if (++tries > 2000) throw new InvalidOperationException($"{shard.Name} has no slots.");
            name = $"socket.io-probe#{Guid.NewGuid():N}";
        }
        while (Of(name) != shard);
        try
        {
            var queue = await _subscribing.SubscribeAsync(RedisChannel.Sharded(name)).WaitObservedAsync(interval, time, ended);
            queue.OnMessage(message => shard.OnProbe(message.Message));
            shard.Subscription = (name, queue);
        }
        catch
        {
            // StackExchange.Redis keeps what it could not subscribe to, to do it later.
            await _subscribing.UnsubscribeAsync(RedisChannel.Sharded(name), flags: CommandFlags.FireAndForget);
            throw;
        }
    }

    private static async Task EndAsync(RedisShard shard)
    {
        if (shard.Subscription is not { } subscription) return;
        shard.Subscription = null;
        await subscription.Queue.UnsubscribeAsync(CommandFlags.FireAndForget).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void OnBack(RedisShard shard)
    {
        shard.IsProven = true;
        if (shard.IsLost)
        {
            shard.IsLost = false;
            LogBack(logger, bus, shard.Name);
            Changed?.Invoke();
        }

        Proven?.Invoke();
    }

    private void Lose(RedisShard shard, Exception? why)
    {
        if (shard.IsLost || cancel.IsCancellationRequested) return;
        (shard.IsLost, shard.IsProven) = (true, false);
        LogLost(logger, why, bus, shard.Name);
        if (_all.All(static entry => entry.Value.IsLost)) AllLost?.Invoke(why);
    }

    [LoggerMessage(119, LogLevel.Warning, "The cluster bus {Bus} has lost {Node} of its Redis Cluster. Events of rooms and namespaces whose channels are there do not reach clients of other servers; those of the other nodes do.")]
    private static partial void LogLost(ILogger logger, Exception? exception, string bus, string node);

    [LoggerMessage(120, LogLevel.Information, "The cluster bus {Bus} has {Node} of its Redis Cluster back.")]
    private static partial void LogBack(ILogger logger, string bus, string node);
}
