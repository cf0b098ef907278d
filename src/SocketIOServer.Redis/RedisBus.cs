using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>A bus over the publish and subscribe of Redis. What is published while Redis is not reachable is lost, and counted.</summary>
public sealed partial class RedisBus : ClusterBus
{
    private readonly ConfigurationOptions _configuration;
    private readonly bool _isSharded;
    private readonly ClusterBusOptions _options;
    private readonly ConcurrentDictionary<BusChannel, ChannelMessageQueue> _queues = new();
    private readonly string _probeChannel;
    private readonly TimeProvider _time;
    private (string Name, RedisChannel Channel) _latest;
    private ConnectionMultiplexer? _publisher;
    private ConnectionMultiplexer? _subscriber;

    /// <summary>Makes a bus that is not connected yet.</summary>
    /// <param name="options">How to reach Redis, and the limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets one line for each change of state.</param>
    public RedisBus(RedisBusOptions options, TimeProvider time, ILogger logger)
        : this((options ?? throw new ArgumentNullException(nameof(options))).Configuration, options.IsSharded, options, time, logger)
    {
    }

    internal RedisBus(ConfigurationOptions configuration, bool isSharded, ClusterBusOptions options, TimeProvider time, ILogger logger, string name = "redis")
        : this(configuration, isSharded, options, time, logger, name, $"socket.io-probe#{Guid.NewGuid():N}")
    {
    }

    private RedisBus(ConfigurationOptions configuration, bool isSharded, ClusterBusOptions options, TimeProvider time, ILogger logger, string name, string probeChannel)
        : base(name, probeChannel, options, time, logger) =>
        (_configuration, _isSharded, _options, _time, _probeChannel) = (configuration, isSharded, options, time, probeChannel);

    /// <inheritdoc/>
    public override async ValueTask<int> CountAsync(string channel, CancellationToken cancel)
    {
        if (_publisher is not { } publisher) return -1;
        try
        {
            // Each node of a Redis Cluster knows its own subscribers alone. One that cannot be asked leaves the count unknown.
            if (_shards is not null && !Carries(channel)) return -1;
            var count = 0L;
            foreach (var server in publisher.GetServers())
            {
                if (!server.IsConnected || server.IsReplica) continue;
                var answer = await server.ExecuteAsync("PUBSUB", _isSharded ? "SHARDNUMSUB" : "NUMSUB", channel).WaitObservedAsync(cancel);
                count += (long)((RedisResult[])answer!)[1];
            }

            return (int)count;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            return -1;
        }
    }

    /// <inheritdoc/>
    protected override async Task ConnectAsync(CancellationToken cancel)
    {
        // At the same time: a server that does not answer holds up both for as long as one.
        var (publisher, subscriber) = (OpenAsync(cancel), OpenAsync(cancel));
        try
        {
            await Task.WhenAll(publisher, subscriber);
            cancel.ThrowIfCancellationRequested();
            (_publisher, _subscriber) = (await publisher, await subscriber);
            await FindShardsAsync(_publisher, _subscriber, cancel);
        }
        catch
        {
            foreach (var opened in (Task<ConnectionMultiplexer>[])[publisher, subscriber])
            {
                if (opened.IsCompletedSuccessfully) await CloseAsync(await opened);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    protected override async Task DisconnectAsync()
    {
        LeaveShards();
        _queues.Clear();
        var (publisher, subscriber) = (_publisher, _subscriber);
        (_publisher, _subscriber) = (null, null);
        await Task.WhenAll(CloseAsync(subscriber), CloseAsync(publisher));
    }

    /// <inheritdoc/>
    protected override Task SendAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancel)
    {
        if (_shards is not null) return SendToShardsAsync(messages, cancel);
        if (_oneOfMany is not null) return SendToOneAsync(_oneOfMany, messages, cancel);
        var redis = _publisher!.GetSubscriber();
        var last = messages.Count - 1;
        for (var i = 0; i < last; i++) _ = redis.PublishAsync(Latest(messages[i].Channel), messages[i].Body, CommandFlags.FireAndForget);
        // Redis answers in order: the answer to the last is one to all of them.
        return redis.PublishAsync(Latest(messages[last].Channel), messages[last].Body).WaitObservedAsync(cancel);
    }

    /// <inheritdoc/>
    protected override async Task SubscribeAsync(IReadOnlyList<BusChannel> channels, CancellationToken cancel)
    {
        if (_shards is not null)
        {
            await Task.WhenAll(channels.Select(channel => SubscribeToShardAsync(channel, cancel)));
            return;
        }

        var connection = _subscriber!;
        var redis = connection.GetSubscriber();
        var queues = await Task.WhenAll(channels.Select(channel => redis.SubscribeAsync(Channel(channel)))).WaitObservedAsync(cancel);
        for (var i = 0; i < queues.Length; i++)
        {
            Listen(channels[i], queues[i], connection);
        }
    }

    /// <inheritdoc/>
    protected override async Task UnsubscribeAsync(IReadOnlyList<BusChannel> channels, CancellationToken cancel)
    {
        foreach (var channel in channels)
        {
            if (!_queues.Remove(channel, out var queue)) continue;
            // A master that is gone does not answer, and has forgotten the subscription anyway.
            if (_shards is not null) await queue.UnsubscribeAsync(CommandFlags.FireAndForget);
            else await queue.UnsubscribeAsync().WaitObservedAsync(cancel);
        }
    }

    private void Listen(BusChannel channel, ChannelMessageQueue queue, ConnectionMultiplexer connection)
    {
        _queues[channel] = queue;
        // Of a queue, messages come one at a time and in order; with a handler they come on several threads.
        var name = channel.IsPrefix ? null : channel.Name;
        queue.OnMessage(message =>
        {
            // The queue of a connection that has ended may still be full, and its messages would come behind those of the next one.
            if (_subscriber == connection) Receive(name ?? message.Channel!, ((ReadOnlyMemory<byte>)message.Message).Span);
        });
    }

    // A Redis that does not answer must not hold up the next attempt: nothing that is under way is waited for.
    private static async Task CloseAsync(ConnectionMultiplexer? connection)
    {
        if (connection is null) return;
        await connection.CloseAsync(allowCommandsToComplete: false);
        connection.Dispose();
    }

    // Most messages go to the channel of the one before, and a new RedisChannel encodes its name.
    private RedisChannel Latest(string name)
    {
        if (!ReferenceEquals(_latest.Name, name)) _latest = (name, Channel(name));
        return _latest.Channel;
    }

    private RedisChannel Channel(BusChannel channel) => channel.IsPrefix
        ? _isSharded
            ? throw new NotSupportedException("Sharded channels of Redis have no patterns.")
            : RedisChannel.Pattern(RedisPattern.Prefix(channel.Name))
        : Channel(channel.Name);

    private RedisChannel Channel(string name) => _isSharded ? RedisChannel.Sharded(name) : RedisChannel.Literal(name);

    private async Task<ConnectionMultiplexer> OpenAsync(CancellationToken cancel)
    {
        var configuration = _configuration.Clone();
        // The bus connects again by itself: it also has to subscribe, and to prove that it hears, before it counts as alive.
        configuration.AbortOnConnectFail = true;
        configuration.ConnectRetry = 1;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        // CLUSTER NODES counts as a command of administrators, though it changes nothing. No other one is sent.
        configuration.AllowAdmin = true;
        configuration.HeartbeatInterval = TimeSpan.FromSeconds(1);
        // The probe finds out first that Redis does not answer.
        configuration.AsyncTimeout = Math.Min(configuration.AsyncTimeout, (int)(2 * _options.ProbeInterval).TotalMilliseconds);
        // Of several servers one may not answer. StackExchange.Redis waits for it so long, and then goes on with the others.
        configuration.ConnectTimeout = Math.Min(configuration.ConnectTimeout, (int)(_options.ConnectTimeout / 2).TotalMilliseconds);
        // It takes no token: when the attempt has ended, what it opens later is closed.
        var connecting = ConnectionMultiplexer.ConnectAsync(configuration);
        try
        {
            await connecting.WaitAsync(cancel);
        }
        catch when (!connecting.IsCompleted)
        {
            _ = CloseLaterAsync(connecting);
            throw;
        }

        var connection = await connecting;
        connection.ConnectionFailed += (_, failure) =>
        {
            // An earlier connection, which the bus has given up, ends later.
            if (cancel.IsCancellationRequested) return;
            if (_shards is { } shards)
            {
                // Of a Redis Cluster one node may go and come: StackExchange.Redis restores what was on it, and the others are still there.
                shards.OnFailed(failure.EndPoint, failure.Exception);
                return;
            }

            // Another attempt to reach a server that was not there before.
            if (failure.FailureType == ConnectionFailureType.UnableToConnect) return;
            if (connection.GetServers().Any(server => server.IsReplica && server.EndPoint.Equals(failure.EndPoint))) return;
            OnConnectionLost(failure.Exception);
        };
        return connection;
    }

    private static async Task CloseLaterAsync(Task<ConnectionMultiplexer> connecting)
    {
        try
        {
            await CloseAsync(await connecting);
        }
        catch (Exception)
        {
            // The attempt failed: nothing is open.
        }
    }
}
