using Npgsql;
using NpgsqlTypes;
using SocketIOServer.Cluster;

namespace SocketIOServer.Postgres;

/// <summary>
/// Publishes over one connection, so that messages keep their order. Several messages are one transaction: PostgreSQL makes all transactions that notify
/// wait for each other. In one transaction it folds equal notifications into one, and one that fails fails all; in these cases each message has its own.
/// </summary>
internal sealed class PostgresPublisher(NpgsqlConnection connection, AttachmentTable table)
{
    private const int MaxBatch = 100;

    private readonly HashSet<(string Channel, ReadOnlyMemory<byte> Text)> _distinct = new(SameMessage.Instance);

    /// <summary>The sender of the messages in the table that this process published last; null: there are none yet.</summary>
    public volatile string? Sender;

    /// <param name="messages">The messages.</param>
    /// <param name="refused">Told of messages that PostgreSQL has refused, and why.</param>
    /// <param name="cancel">The connection ends.</param>
    public async Task SendAsync(IReadOnlyList<BusMessage> messages, Action<int, Exception> refused, CancellationToken cancel)
    {
        for (var start = 0; start < messages.Count; start += MaxBatch)
        {
            await using var batch = new NpgsqlBatch(connection);
            var unfit = 0;
            _distinct.Clear();
            for (var i = start; i < Math.Min(start + MaxBatch, messages.Count); i++)
            {
                if (PostgresChannel.CanBe(messages[i].Channel)) batch.BatchCommands.Add(Command(messages[i], batch));
                else unfit++;
            }

            if (unfit > 0) refused(unfit, new ArgumentException($"PostgreSQL can have no channel whose name is longer than {PostgresWire.MaxChannelLength} bytes or has a NUL."));
            if (batch.BatchCommands.Count > 0) await ExecuteAsync(batch, refused, cancel);
        }
    }

    private async Task ExecuteAsync(NpgsqlBatch batch, Action<int, Exception> refused, CancellationToken cancel)
    {
        try
        {
            try
            {
                await batch.ExecuteNonQueryAsync(cancel);
            }
            catch (PostgresException) when (!batch.EnableErrorBarriers && batch.BatchCommands.Count > 1 && IsOpen)
            {
                // The transaction was rolled back, so nothing of it was published: once more, and only what is wrong fails.
                batch.EnableErrorBarriers = true;
                await batch.ExecuteNonQueryAsync(cancel);
            }
        }
        catch (NpgsqlException e) when (e is PostgresException or { InnerException: AggregateException } && IsOpen)
        {
            refused((e.InnerException as AggregateException)?.InnerExceptions.Count ?? 1, e);
        }
    }

    private bool IsOpen => connection.FullState == System.Data.ConnectionState.Open;

    private NpgsqlBatchCommand Command(in BusMessage message, NpgsqlBatch batch)
    {
        if (Notification.TryWrite(message.Body, out var text))
        {
            if (!_distinct.Add((message.Channel, text))) batch.EnableErrorBarriers = true;
            return new("SELECT pg_notify($1, $2)") { Parameters = { Text(message.Channel), new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text } } };
        }

        var (before, attachment) = Notification.Divide(message.Body);
        if (Notification.TryReadAttachment($"{before}0\"}}", out _, out var sender)) Sender = sender;
        return new(table.InsertSql)
        {
            Parameters = { Text(message.Channel), Text(before), new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = attachment, NpgsqlDbType = NpgsqlDbType.Bytea } },
        };
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private sealed class SameMessage : IEqualityComparer<(string Channel, ReadOnlyMemory<byte> Text)>
    {
        public static readonly SameMessage Instance = new();

        public bool Equals((string Channel, ReadOnlyMemory<byte> Text) x, (string Channel, ReadOnlyMemory<byte> Text) y) => x.Channel == y.Channel && x.Text.Span.SequenceEqual(y.Text.Span);

        public int GetHashCode((string Channel, ReadOnlyMemory<byte> Text) message)
        {
            var hash = default(HashCode);
            hash.Add(message.Channel, StringComparer.Ordinal);
            hash.AddBytes(message.Text.Span);
            return hash.ToHashCode();
        }
    }
}
