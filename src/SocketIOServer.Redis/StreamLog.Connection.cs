using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>The life of the log's connections: connect, read what was missed, send again what was not written, serve until something fails, and begin again.</summary>
internal sealed partial class StreamLog
{
    private const int BatchSize = 256;
    private const int ReadCount = 500;

    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Block = TimeSpan.FromSeconds(2);

    private async Task RunAsync()
    {
        var failures = 0;
        while (!_stopped.IsCancellationRequested)
        {
            var wasAlive = false;
            Exception? why = null;
            using (var connection = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token))
            {
                try
                {
                    var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    var readers = await ConnectAsync(lost).WaitObservedAsync(2 * _options.ConnectTimeout, _time, connection.Token);
                    foreach (var (database, streams) in readers) await CatchUpAsync(database, streams, connection.Token);
                    DropOld();
                    _outbox.Rewind();
                    wasAlive = true;
                    SetState(BusState.Alive, null);
                    _firstAttempt.TrySetResult();
                    await ServeAsync(readers, lost.Task, connection);
                }
                catch (Exception e)
                {
                    why = e;
                }

                await connection.CancelAsync();
            }

            await CloseAsync();
            if (_stopped.IsCancellationRequested) break;
            SetState(why is TimeoutException ? BusState.Deaf : BusState.Down, why);
            DropOld();
            _firstAttempt.TrySetResult();
            failures = wasAlive ? 0 : failures + 1;
            await PauseAsync(failures);
        }

        SetState(BusState.Down, null);
        _firstAttempt.TrySetResult();
    }

    private async Task<IReadOnlyList<(IDatabase Database, string[] Streams)>> ConnectAsync(TaskCompletionSource lost)
    {
        await _connections.OpenWriterAsync(OnLost);
        return await _connections.OpenReadersAsync(_names.All, OnLost);

        void OnLost(Exception? exception) => lost.TrySetException(exception ?? new IOException("The connection to Redis has ended."));
    }

    private async Task ServeAsync(IReadOnlyList<(IDatabase Database, string[] Streams)> readers, Task lost, CancellationTokenSource connection)
    {
        var cancel = connection.Token;
        Task[] all = [WriteAsync(cancel), .. readers.Select(reader => ReadAsync(reader.Database, reader.Streams, cancel))];
        var first = await Task.WhenAny([.. all, lost]);
        // The others end now as well, whatever they throw; the first says why.
        await connection.CancelAsync();
        await Task.WhenAll(all).WaitObservedAsync(_options.ConnectTimeout, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        var batch = new List<(string Stream, LogEntry Entry)>();
        var answers = new List<Task>();
        while (true)
        {
            batch.Clear();
            answers.Clear();
            await _outbox.TakeAsync(batch, BatchSize, cancel);
            for (var i = 0; i < batch.Count; i++)
            {
                var (stream, entry) = batch[i];
                // Redis answers in order, so the answer to the last entry of a stream is one to all of them. One that was refused in between is not read back.
                var isLast = i == batch.Count - 1 || batch[i + 1].Stream != stream;
                var adding = _connections.Writer!.StreamAddAsync(
                    stream, StreamFields.Write(entry), maxLength: _options.MaxLength, useApproximateMaxLength: true, flags: isLast ? CommandFlags.None : CommandFlags.FireAndForget);
                if (isLast) answers.Add(adding);
            }

            await Task.WhenAll(answers).WaitObservedAsync(2 * _options.ProbeInterval, _time, cancel);
            Interlocked.Add(ref _appended, batch.Count);
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            await _connections.CloseAsync().WaitObservedAsync(_options.ConnectTimeout, _time, CancellationToken.None);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            // It was lost already, and that has been logged.
        }
    }

    // Jitter, or all nodes of a cluster come back to Redis at the same moment.
    private async Task PauseAsync(int failures)
    {
        var longest = Math.Min(_options.MaxRetryDelay.TotalMilliseconds, FirstRetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 10)));
        var pause = TimeSpan.FromMilliseconds(longest * (0.5 + Random.Shared.NextDouble() / 2));
        await Task.Delay(pause, _time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static string InWords(BusState state) => state switch
    {
        BusState.Connecting => "are not connected yet",
        BusState.Alive => "are alive",
        BusState.Deaf => "do not answer",
        _ => "are down",
    };

    private void SetState(BusState state, Exception? why)
    {
        if (Interlocked.Exchange(ref _state, (int)state) == (int)state) return;
        if (state == BusState.Alive) LogAlive(_logger);
        else if (!_stopped.IsCancellationRequested) LogLost(_logger, why, InWords(state));
        StateChanged?.Invoke(state);
    }
}
