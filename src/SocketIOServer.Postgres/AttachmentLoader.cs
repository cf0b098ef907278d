using System.Text;
using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;

namespace SocketIOServer.Postgres;

/// <summary>
/// Loads messages from the table over a connection of its own, several with one statement, and removes old ones. A message that is not there is handed on as
/// the notification was, which no wire takes for a message: so it is counted as refused.
/// </summary>
/// <param name="open">Opens a connection.</param>
/// <param name="table">The table.</param>
/// <param name="options">The limits.</param>
/// <param name="order">Where messages go.</param>
/// <param name="time">The clock.</param>
/// <param name="failed">Told what could not be done.</param>
internal sealed class AttachmentLoader(
    Func<CancellationToken, ValueTask<NpgsqlConnection>> open, AttachmentTable table, PostgresBusOptions options, InOrder order, TimeProvider time, IAttachmentFaults failed)
{
    // As many messages of the largest size are in memory at once.
    private const int MaxBatch = 16;

    private readonly Channel<Load> _loads = Channel.CreateUnbounded<Load>(new() { SingleReader = true });
    private NpgsqlConnection? _connection;

    /// <summary>A notification says that a message is in the table.</summary>
    public void Add(string channel, InOrder.Waiting place, long id, string text) => _loads.Writer.TryWrite(new(channel, place, id, text));

    /// <summary>Loads and removes until it is cancelled. Throws nothing else.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var next = time.GetTimestamp();
        try
        {
            while (true)
            {
                var left = options.CleanupInterval - time.GetElapsedTime(next);
                if (left <= TimeSpan.Zero)
                {
                    await CleanUpAsync(cancel);
                    next = time.GetTimestamp();
                }
                else if (await IsThereAsync(left, cancel))
                {
                    await LoadAsync(Take(), cancel);
                }
            }
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // The bus connects anew. A connection that breaks at the same moment says something else than that it was cancelled.
        }
        finally
        {
            if (_connection is { } connection) await connection.DisposeAsync();
        }
    }

    private async Task<bool> IsThereAsync(TimeSpan within, CancellationToken cancel)
    {
        try
        {
            return await _loads.Reader.WaitToReadAsync(cancel).AsTask().WaitAsync(within, time, cancel);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private List<Load> Take()
    {
        List<Load> loads = [];
        while (loads.Count < MaxBatch && _loads.Reader.TryRead(out var load)) loads.Add(load);
        return loads;
    }

    private async Task LoadAsync(List<Load> loads, CancellationToken cancel)
    {
        var missing = loads.ToLookup(static load => load.Id).ToDictionary(static group => group.Key, static group => group.ToList());
        try
        {
            await ReadAsync(missing, cancel);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException && !cancel.IsCancellationRequested)
        {
            failed.OnNotLoaded(e);
            await ForgetConnectionAsync();
        }

        foreach (var load in missing.Values.SelectMany(static gone => gone))
        {
            failed.OnGone(load.Channel, load.Id);
            order.Fill(load.Channel, load.Place, Encoding.UTF8.GetBytes(load.Text));
        }
    }

    private async Task ReadAsync(Dictionary<long, List<Load>> missing, CancellationToken cancel)
    {
        _connection ??= await open(cancel);
        await using var command = new NpgsqlCommand(table.SelectSql, _connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long[]> { TypedValue = [.. missing.Keys], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new NpgsqlParameter<int> { TypedValue = options.MaxAttachmentBytes },
            },
        };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            if (!missing.Remove(rows.GetInt64(0), out var found)) continue;
            var message = rows.GetFieldValue<byte[]>(1);
            foreach (var load in found) order.Fill(load.Channel, load.Place, message);
        }
    }

    private async Task CleanUpAsync(CancellationToken cancel)
    {
        try
        {
            _connection ??= await open(cancel);
            if (await table.ExistsAsync(_connection, cancel)) await table.DeleteOldAsync(_connection, options.CleanupInterval, cancel);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException && !cancel.IsCancellationRequested)
        {
            failed.OnNotCleaned(e);
            await ForgetConnectionAsync();
        }
    }

    // The next one begins with a new connection, whatever was wrong with this one.
    private async Task ForgetConnectionAsync()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
        _connection = null;
    }

    private readonly record struct Load(string Channel, InOrder.Waiting Place, long Id, string Text);
}
