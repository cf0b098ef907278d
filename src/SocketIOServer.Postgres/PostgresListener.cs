using Npgsql;
using SocketIOServer.Cluster;

namespace SocketIOServer.Postgres;

/// <summary>
/// The connection that listens. It waits for notifications; to subscribe, the wait is ended, because a connection does one thing at a time. Notifications
/// come on the thread that waits, one after another.
/// </summary>
internal sealed class PostgresListener(NpgsqlConnection connection) : IDisposable
{
    private const int MaxBatch = 100;

    private readonly Lock _gate = new();
    private readonly Queue<(string[] Statements, TaskCompletionSource Done)> _statements = new();
    private readonly CancellationTokenSource _stopped = new();
    private CancellationTokenSource _wait = new();

    public Task ListenAsync(IReadOnlyList<BusChannel> channels, CancellationToken cancel) => RunAsync("LISTEN", channels, cancel);

    public Task UnlistenAsync(IReadOnlyList<BusChannel> channels, CancellationToken cancel) => RunAsync("UNLISTEN", channels, cancel);

    /// <summary>Waits for notifications until <see cref="StopAsync"/>, or until the connection ends, which is an exception.</summary>
    public async Task ReadAsync()
    {
        while (true)
        {
            CancellationTokenSource wait;
            (string[] Statements, TaskCompletionSource Done) next;
            lock (_gate)
            {
                if (_stopped.IsCancellationRequested) return;
                if (!_statements.TryDequeue(out next)) _wait = new();
                wait = _wait;
            }

            if (next.Done is not null)
            {
                await ExecuteAsync(next.Statements);
                next.Done.TrySetResult();
                continue;
            }

            try
            {
                await connection.WaitAsync(wait.Token);
            }
            catch (OperationCanceledException) when (wait.IsCancellationRequested)
            {
                // There is something to say. The connection is as it was.
            }
        }
    }

    public async Task StopAsync()
    {
        await _stopped.CancelAsync();
        CancellationTokenSource wait;
        lock (_gate) wait = _wait;
        await wait.CancelAsync();
    }

    /// <summary>Call it when <see cref="ReadAsync"/> has ended.</summary>
    public void Dispose()
    {
        _stopped.Dispose();
        _wait.Dispose();
    }

    private async Task RunAsync(string statement, IReadOnlyList<BusChannel> channels, CancellationToken cancel)
    {
        string[] statements = [.. channels.Select(channel => $"{statement} {PostgresChannel.Quote(channel.Name)}")];
        if (statements.Length == 0) return;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationTokenSource wait;
        lock (_gate)
        {
            _statements.Enqueue((statements, done));
            wait = _wait;
        }

        await wait.CancelAsync();
        await done.Task.WaitAsync(cancel);
    }

    private async Task ExecuteAsync(string[] statements)
    {
        foreach (var some in statements.Chunk(MaxBatch))
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var statement in some) batch.BatchCommands.Add(new(statement));
            await batch.ExecuteNonQueryAsync(_stopped.Token);
        }
    }
}
