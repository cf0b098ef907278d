using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using SocketIOServer.Cluster;

namespace SocketIOServer.Nats;

/// <summary>
/// A bus over the publish and subscribe of NATS, without JetStream. What is published while NATS is not reachable is lost, and counted. One connection
/// carries all messages, so those of one publisher arrive in the order in which they were published, across channels too.
/// </summary>
/// <remarks>It subscribes to single channels only, not to all whose names begin alike: use it with <see cref="JsonWire"/>.</remarks>
public sealed partial class NatsBus : ClusterBus
{
    private readonly NatsOpts _opts;
    private readonly ClusterBusOptions _options;
    private readonly ConcurrentDictionary<string, NatsSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly OccasionalLine _tooLarge;
    private readonly OccasionalLine _serverErrors;
    private NatsConnection? _connection;
    private (string Channel, string Subject) _last = ("", "");

    /// <summary>Makes a bus that is not connected yet.</summary>
    /// <param name="options">How to reach NATS, and the limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets one line for each change of state.</param>
    public NatsBus(NatsBusOptions options, TimeProvider time, ILogger logger)
        : this((options ?? throw new ArgumentNullException(nameof(options))).Connection, options, time, logger)
    {
    }

    internal NatsBus(NatsOpts opts, ClusterBusOptions options, TimeProvider time, ILogger logger)
        : base("nats", $"socket.io-probe#{Guid.NewGuid():N}", options, time, logger)
    {
        (_opts, _options) = (opts, options);
        (_tooLarge, _serverErrors) = (new(time), new(time));
    }

    /// <inheritdoc/>
    /// <remarks>NATS does not count the subscriptions of other connections: always −1.</remarks>
    public override ValueTask<int> CountAsync(string channel, CancellationToken cancel) => new(-1);

    /// <inheritdoc/>
    protected override async Task ConnectAsync(CancellationToken cancel)
    {
        // The bus connects again by itself, with a new connection: what an old one still holds would arrive too late.
        var connection = _connection = new NatsConnection(_opts with
        {
            Echo = true,
            RetryOnInitialConnect = false,
            PingInterval = TimeSpan.FromSeconds(5),
            MaxPingOut = 2,
            PublishTimeoutOnDisconnected = true,
            CommandTimeout = _options.ProbeInterval,
            ConnectTimeout = _opts.ConnectTimeout < _options.ConnectTimeout ? _opts.ConnectTimeout : _options.ConnectTimeout,
            DrainSubscriptionsOnDispose = false,
        });
        connection.ConnectionDisconnected += (_, _) =>
        {
            // One that was closed may still say so when the next one is there.
            if (_connection == connection) OnConnectionLost(null);
            return default;
        };
        connection.ServerError += (_, error) =>
        {
            if (_connection == connection) OnServerError(error);
            return default;
        };
        await connection.ConnectAsync().AsTask().WaitAsync(cancel);
    }

    /// <inheritdoc/>
    protected override async Task DisconnectAsync()
    {
        _subscriptions.Clear();
        if (Interlocked.Exchange(ref _connection, null) is { } connection) await connection.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override async Task SendAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancel)
    {
        var connection = _connection!;
        foreach (var message in messages)
        {
            // The server ends a connection that sends more.
            if (connection.ServerInfo is { MaxPayload: > 0 and var max } && message.Body.Length > max)
            {
                CountUnsent(1);
                if (_tooLarge.IsDue()) LogTooLarge(Logger, message.Body.Length, message.Channel, max);
                continue;
            }

            await connection.PublishAsync(SubjectOf(message.Channel), message.Body, serializer: NatsRawSerializer<ReadOnlyMemory<byte>>.Default, cancellationToken: cancel);
        }
    }

    /// <inheritdoc/>
    protected override async Task SubscribeAsync(IReadOnlyList<BusChannel> channels, CancellationToken cancel)
    {
        var connection = _connection!;
        foreach (var channel in channels)
        {
            if (channel.IsPrefix) throw new NotSupportedException($"{nameof(NatsBus)} subscribes to single channels only. Use it with {nameof(JsonWire)}.");
            var subscription = new NatsSubscription(connection, channel.Name, NatsSubject.Of(channel.Name), Receive);
            _subscriptions[channel.Name] = subscription;
            await connection.AddSubAsync(subscription, cancel);
        }

        // The server handles the commands of a connection in order: its PONG confirms them.
        await connection.PingAsync(cancel);
    }

    /// <inheritdoc/>
    protected override async Task UnsubscribeAsync(IReadOnlyList<BusChannel> channels, CancellationToken cancel)
    {
        foreach (var channel in channels)
        {
            if (_subscriptions.TryRemove(channel.Name, out var subscription)) await subscription.UnsubscribeAsync().AsTask().WaitAsync(cancel);
        }
    }

    // Of the writer alone. Most messages of a batch have one channel.
    private string SubjectOf(string channel)
    {
        if (_last.Channel != channel) _last = (channel, NatsSubject.Of(channel));
        return _last.Subject;
    }

    private void OnServerError(NatsServerErrorEventArgs error)
    {
        if (_serverErrors.IsDue()) LogServerError(Logger, error.Error);
        // The subscription does not exist: this server would not hear a namespace, and nobody would know.
        if (error.Kind == NatsServerErrorKind.PermissionsViolation && _subscriptions.Any(entry => error.Error.EndsWith($"Subscription to \"{entry.Value.Subject}\"", StringComparison.Ordinal)))
            OnConnectionLost(new NatsServerException(error.Error));
    }
}
