using System.Collections.Concurrent;
using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>What is different on a Redis Cluster, where each master has a part of the sharded channels.</summary>
public sealed partial class RedisBus
{
    private static readonly TimeSpan OldMessages = TimeSpan.FromSeconds(1);

    // Much less than publishers wait for subscribers, see ShardedPublisher.
    private static readonly TimeSpan MoveTime = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<BusChannel, RedisShard?> _owners = new();
    private readonly ConcurrentDictionary<BusChannel, bool> _postponed = new();
    private CancellationTokenSource? _watching;
    private volatile RedisShards? _shards;
    private ShardedPublisher? _sharded;
    private IServer? _oneOfMany;
    private byte[]? _heldProbe;
    private bool _isChecking;

    /// <inheritdoc/>
    public override string? Problem => State == BusState.Alive ? _shards?.Problem : null;

    /// <inheritdoc/>
    public override bool Carries(string channel) => State == BusState.Alive && (_shards is not { } shards || shards.Of(channel) is { IsLost: false });

    private async Task FindShardsAsync(ConnectionMultiplexer publisher, ConnectionMultiplexer subscriber, CancellationToken cancel)
    {
        var servers = publisher.GetServers();
        if (!Array.Exists(servers, static server => server.ServerType == ServerType.Cluster)) return;
        if (!_isSharded)
        {
            // StackExchange.Redis would send one message here and the next there, and they would overtake each other.
            _oneOfMany = Array.Find(servers, static server => server.IsConnected && !server.IsReplica) ?? throw new IOException("No master of the Redis Cluster can be reached.");
            return;
        }

        _watching = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var shards = new RedisShards(publisher, subscriber, _options.ProbeInterval, _time, Logger, Name, _watching.Token);
        shards.Proven += ReturnProbe;
        var watched = _watching.Token;
        shards.Changed += () => FollowOwners(shards);
        shards.Changed += () => CheckSoon(shards, watched);
        shards.Redirected += () => CheckSoon(shards, watched);
        shards.Deaf += shard => Resubscribe(_owners.Where(entry => entry.Value == shard).Select(static entry => entry.Key));
        shards.AllLost += OnConnectionLost;
        _sharded = new(publisher.GetSubscriber(), shards, _options.ProbeInterval / 4, _time, CountUncertain);
        _shards = shards;
        await shards.StartAsync();
    }

    private void LeaveShards()
    {
        _watching?.Cancel();
        _watching?.Dispose();
        (_watching, _shards, _sharded, _oneOfMany) = (null, null, null, null);
        Interlocked.Exchange(ref _heldProbe, null);
        _owners.Clear();
        _postponed.Clear();
    }

    private async Task SendToShardsAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancel)
    {
        var first = 0;
        if (ReferenceEquals(messages[0].Channel, _probeChannel))
        {
            // Each master has a probe of its own. The bus is alive as long as one of them carries messages.
            Interlocked.Exchange(ref _heldProbe, messages[0].Body.ToArray());
            if (_shards!.IsProven) ReturnProbe();
            first = 1;
        }

        var unsent = await _sharded!.SendAsync(messages.Skip(first), cancel);
        if (unsent > 0) CountUnsent(unsent);
    }

    // Of a Redis Cluster any node passes a message of PUBLISH on to all others.
    private static Task<RedisResult> SendToOneAsync(IServer server, IReadOnlyList<BusMessage> messages, CancellationToken cancel)
    {
        var last = messages.Count - 1;
        for (var i = 0; i < last; i++) _ = server.ExecuteAsync("PUBLISH", [messages[i].Channel, (RedisValue)messages[i].Body], CommandFlags.FireAndForget);
        return server.ExecuteAsync("PUBLISH", [messages[last].Channel, (RedisValue)messages[last].Body], CommandFlags.None).WaitObservedAsync(cancel);
    }

    private void ReturnProbe()
    {
        if (Interlocked.Exchange(ref _heldProbe, null) is { } probe) Receive(_probeChannel, probe);
    }

    // Never throws: a channel whose master is gone waits for it, and holds up no other.
    private async Task SubscribeToShardAsync(BusChannel channel, CancellationToken cancel)
    {
        if (channel.Name == _probeChannel) return;
        var connection = _subscriber!;
        var redis = connection.GetSubscriber();
        if (_queues.TryRemove(channel, out var before))
        {
            await before.UnsubscribeAsync(CommandFlags.FireAndForget);
            // What still waits in it comes before what the next one brings.
            await before.Completion.WaitAsync(OldMessages, _time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var owner = _shards!.Of(channel.Name);
        try
        {
            if (owner is not { IsLost: false }) throw new IOException("The master of the channel cannot be reached.");
            var queue = await redis.SubscribeAsync(Channel(channel)).WaitObservedAsync(cancel);
            _owners[channel] = owner;
            Listen(channel, queue, connection);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or IOException)
        {
            // StackExchange.Redis keeps what it could not subscribe to. The next attempt would then make a second subscription.
            await redis.UnsubscribeAsync(Channel(channel), flags: CommandFlags.FireAndForget);
            Postpone(channel);
            _postponed[channel] = true;
        }
    }

    private void CheckSoon(RedisShards shards, CancellationToken cancel)
    {
        if (!cancel.IsCancellationRequested && !Interlocked.Exchange(ref _isChecking, true)) _ = CheckAsync(shards, cancel);
    }

    // StackExchange.Redis subscribes at the new owner of a slot. If that master refuses as well, because it does not know yet that the slot is its own, StackExchange.Redis gives up and
    // reports no error. Never throws.
    private async Task CheckAsync(RedisShards shards, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(MoveTime, _time, cancel);
            Volatile.Write(ref _isChecking, false);
            if (Unsubscribed(shards) is not { Length: > 0 } channels) return;
            // It may just be subscribing.
            await Task.Delay(MoveTime, _time, cancel);
            if (Unsubscribed(shards).Intersect(channels).ToArray() is { Length: > 0 } lost) Resubscribe(lost);
        }
        catch (Exception)
        {
            // The connection has ended, or the clock of the program has thrown: the next look at the owners checks again.
            Volatile.Write(ref _isChecking, false);
        }
    }

    private BusChannel[] Unsubscribed(RedisShards shards)
    {
        if (_subscriber?.GetSubscriber() is not { } redis) return [];
        return [.. _owners.Keys.Where(channel => shards.Of(channel.Name) is { IsLost: false } && redis.SubscribedEndpoint(Channel(channel)) is null)];
    }

    private void FollowOwners(RedisShards shards)
    {
        List<BusChannel>? again = null;
        foreach (var (channel, _) in _postponed)
        {
            if (shards.Of(channel.Name) is { IsLost: false } && _postponed.TryRemove(channel, out _)) (again ??= []).Add(channel);
        }

        foreach (var (channel, before) in _owners)
        {
            if (!_queues.ContainsKey(channel))
            {
                _owners.TryRemove(channel, out _);
                continue;
            }

            var now = shards.Of(channel.Name);
            if (now == before || now is not { IsLost: false }) continue;
            _owners[channel] = now;
            // A replica has taken over. Where a slot has moved between two that live, Redis says so, and StackExchange.Redis subscribes at the new owner.
            if (before is { IsLost: true }) (again ??= []).Add(channel);
        }

        if (again is not null) Resubscribe(again);
    }
}
