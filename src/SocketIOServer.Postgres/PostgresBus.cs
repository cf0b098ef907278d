using System.Buffers;
using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;
using SocketIOServer.Cluster;

namespace SocketIOServer.Postgres;

/// <summary>
/// A bus over LISTEN and NOTIFY of PostgreSQL. One connection listens, one publishes, and one loads messages that are too long for a notification from a table.
/// What is published while PostgreSQL is not reachable is lost, and counted.
/// </summary>
public sealed partial class PostgresBus : ClusterBus, IAttachmentFaults
{
    private const int MaxWaiting = 10_000;

    private readonly PostgresBusOptions _options;
    private readonly NpgsqlDataSource _source;
    private readonly bool _ownsSource;
    private readonly AttachmentTable _table;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private NpgsqlConnection? _publishing;
    private NpgsqlConnection? _listening;
    private PostgresPublisher? _publisher;
    private PostgresListener? _listener;
    private InOrder? _order;
    private AttachmentLoader? _loader;
    private CancellationTokenSource? _connected;
    private Task _running = Task.CompletedTask;
    private string? _sender;

    /// <summary>Makes a bus that is not connected yet.</summary>
    /// <param name="options">How to reach PostgreSQL, and the limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets one line for each change of state.</param>
    /// <exception cref="ArgumentException">There is no data source, or the table's name is none.</exception>
    public PostgresBus(PostgresBusOptions options, TimeProvider time, ILogger logger)
        : this(options, options?.DataSource ?? throw new ArgumentException("PostgresBusOptions.DataSource is null.", nameof(options)), ownsSource: false, time, logger)
    {
    }

    internal PostgresBus(PostgresBusOptions options, NpgsqlDataSource source, bool ownsSource, TimeProvider time, ILogger logger)
        : base("postgres", $"socket.io-probe#{Guid.NewGuid():N}", options, time, logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.CleanupInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxAttachmentBytes);
        (_options, _source, _ownsSource, _time, _logger) = (options, source, ownsSource, time, logger);
        _table = new(options.TableName);
    }

    /// <summary>PostgreSQL does not count who listens.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>-1.</returns>
    public override ValueTask<int> CountAsync(string channel, CancellationToken cancel) => new(-1);

    /// <inheritdoc/>
    protected override async Task ConnectAsync(CancellationToken cancel)
    {
        _publishing = await _source.OpenConnectionAsync(cancel);
        // A notification need not outlive a crash of PostgreSQL, so a commit need not wait for the disk.
        await ExecuteAsync(_publishing, "SET synchronous_commit TO off", cancel);
        await PrepareTableAsync(_publishing, cancel);
        _publisher = new(_publishing, _table) { Sender = _sender };
        _listening = await _source.OpenConnectionAsync(cancel);
        _order = new(Receive, MaxWaiting);
        _loader = new(_source.OpenConnectionAsync, _table, _options, _order, _time, this);
        _listener = new(_listening);
        _listening.Notification += OnNotification;
        _connected = new();
        _running = Task.WhenAll(ListenAsync(_listener), _loader.RunAsync(_connected.Token));
    }

    /// <inheritdoc/>
    protected override async Task DisconnectAsync()
    {
        if (_connected is { } connected) await connected.CancelAsync();
        if (_listener is { } listener) await listener.StopAsync();
        await _running;
        _running = Task.CompletedTask;
        _listener?.Dispose();
        _connected?.Dispose();
        _sender = _publisher?.Sender ?? _sender;
        var (publishing, listening) = (_publishing, _listening);
        (_publishing, _listening, _publisher, _listener, _order, _loader, _connected) = (null, null, null, null, null, null, null);
        // The connection may go back to the pool of the program's data source.
        await CloseAsync(listening, "UNLISTEN *");
        await CloseAsync(publishing, "RESET synchronous_commit");
    }

    /// <inheritdoc/>
    protected override Task SendAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancel) => _publisher!.SendAsync(messages, OnRefused, cancel);

    /// <inheritdoc/>
    protected override Task SubscribeAsync(IReadOnlyList<BusChannel> channels, CancellationToken cancel) => _listener!.ListenAsync(Possible(channels), cancel);

    /// <inheritdoc/>
    protected override Task UnsubscribeAsync(IReadOnlyList<BusChannel> channels, CancellationToken cancel) => _listener!.UnlistenAsync(Possible(channels), cancel);

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore()
    {
        if (_ownsSource) await _source.DisposeAsync();
        await base.DisposeAsyncCore();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task CloseAsync(NpgsqlConnection? connection, string last)
    {
        if (connection is null) return;
        try
        {
            // A connection that does not answer is broken by this, and does not go back to a pool.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);
            if (connection.FullState == ConnectionState.Open) await ExecuteAsync(connection, last, patience.Token);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            // It is closed in any case.
        }

        await connection.DisposeAsync();
    }

    private async Task PrepareTableAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        try
        {
            if (await _table.ExistsAsync(connection, cancel)) return;
            if (_options.CreateTable) await _table.CreateAsync(connection, cancel);
            else LogNoTable(_logger, null, _options.TableName, _table.CreateSql);
        }
        catch (PostgresException e) when (connection.FullState == ConnectionState.Open)
        {
            LogNoTable(_logger, e, _options.TableName, _table.CreateSql);
        }
    }

    private async Task ListenAsync(PostgresListener listener)
    {
        try
        {
            await listener.ReadAsync();
        }
        catch (Exception e)
        {
            // Whatever ends the connection: the bus connects anew.
            OnConnectionLost(e);
        }
    }

    // On the thread that reads, one after another.
    private void OnNotification(object? sender, NpgsqlNotificationEventArgs notification)
    {
        var (channel, text) = (notification.Channel, notification.Payload);
        if (Notification.TryReadAttachment(text, out var id, out var from))
        {
            // Its server drops what it has published itself.
            if (from is not null && from == _publisher?.Sender) return;
            if (_order!.Reserve(channel) is { } place) _loader!.Add(channel, place, id, text);
            else OnTooManyWait();
            return;
        }

        var message = Notification.Read(text, out var buffer);
        if (!_order!.TryAdd(channel, message.Span)) OnTooManyWait();
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private List<BusChannel> Possible(IReadOnlyList<BusChannel> channels)
    {
        List<BusChannel> possible = [];
        foreach (var channel in channels)
        {
            if (channel.IsPrefix || !PostgresChannel.CanBe(channel.Name)) LogNoChannel(_logger, channel.Name, PostgresWire.MaxChannelLength);
            else possible.Add(channel);
        }

        return possible;
    }
}
