namespace SocketIOServer.Cluster;

/// <summary>The life of a bus's connections: connect, subscribe, prove that messages come back, serve until something fails, and begin again.</summary>
public abstract partial class ClusterBus
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(100);

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
                    _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    await OpenAsync(connection);
                    _subscriptions.Renew();
                    await ServeAsync(() => wasAlive = true, connection);
                }
                catch (Exception e)
                {
                    why = e;
                }

                await connection.CancelAsync();
            }

            await CloseAsync();
            if (_stopped.IsCancellationRequested) break;
            SetState(why is BusDeafException ? BusState.Deaf : BusState.Down, why);
            // What is in the queue would reach the others too late, and after messages that were published once the bus is back.
            Drop(_outbox.Clear());
            _firstAttempt.TrySetResult();
            failures = wasAlive ? 0 : failures + 1;
            await PauseAsync(failures);
        }

        SetState(BusState.Down, null);
        Interlocked.Add(ref _dropped, _outbox.Clear());
        _firstAttempt.TrySetResult();
    }

    private async Task ServeAsync(Action onAlive, CancellationTokenSource connection)
    {
        var cancel = connection.Token;
        var subscribed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] all = [WriteAsync(cancel), SubscribeChangesAsync(subscribed, cancel), ProbeAsync(subscribed.Task, onAlive, cancel)];
        var lost = _lost.Task;
        var first = await Task.WhenAny([.. all, lost]);
        // At once: an engine that does not answer may hold up what follows.
        if (!_stopped.IsCancellationRequested)
        {
            var why = first == lost ? await lost : first.Exception?.InnerException;
            SetState(why is BusDeafException ? BusState.Deaf : BusState.Down, why);
        }

        // The others end now as well, whatever they throw; the first says why.
        await connection.CancelAsync();
        await Task.WhenAll(all).WaitObservedAsync(_options.ConnectTimeout, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (first == lost) throw await lost;
        await first;
    }

    // An attempt that takes too long is told to end, and is waited for, because the next call of the engine's bus must not meet it.
    private async Task OpenAsync(CancellationTokenSource connection)
    {
        var connecting = ConnectAsync(connection.Token);
        try
        {
            await connecting.WaitAsync(_options.ConnectTimeout, _time, connection.Token);
        }
        catch when (!connecting.IsCompleted)
        {
            await connection.CancelAsync();
            await connecting.WaitObservedAsync(_options.ConnectTimeout, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        var batch = new List<BusMessage>();
        while (true)
        {
            batch.Clear();
            var isProbed = await _outbox.TakeAsync(batch, BatchSize, BatchBytes, cancel);
            var count = batch.Count - (isProbed ? 1 : 0);
            var isSent = false;
            try
            {
                await SendAsync(batch, cancel);
                isSent = true;
            }
            finally
            {
                // After a failure nobody knows which of them the engine has.
                Interlocked.Add(ref isSent ? ref _published : ref _uncertain, count - Interlocked.Exchange(ref _unsent, 0));
                _outbox.OnSent();
            }
        }
    }

    /// <param name="subscribed">Completes when the engine has confirmed what was there when the connection began, the probe's channel among it.</param>
    /// <param name="cancel">The connection ends.</param>
    private async Task SubscribeChangesAsync(TaskCompletionSource subscribed, CancellationToken cancel)
    {
        while (true)
        {
            var (subscribe, unsubscribe) = await _subscriptions.TakeChangesAsync(cancel);
            if (unsubscribe.Count > 0) await UnsubscribeAsync(unsubscribe, cancel);
            if (subscribe.Count == 0) continue;
            await SubscribeAsync(subscribe, cancel);
            _subscriptions.Confirm(subscribe);
            subscribed.TrySetResult();
        }
    }

    private async Task ProbeAsync(Task subscribed, Action onAlive, CancellationToken cancel)
    {
        var missed = 0;
        if (!await IsDoneAsync(subscribed, 2 * _options.ProbeInterval, cancel)) throw new BusDeafException("The subscriptions were not confirmed.");
        while (true)
        {
            _outbox.AddFirst(_probe.Next());
            var back = _probe.BackAsync();
            if (!await IsDoneAsync(back, _options.ProbeInterval / 4, cancel))
            {
                // Somewhere on the way is a queue. What waits here can be counted and dropped; what is put into that queue only makes the probe later.
                _outbox.Hold();
            }

            if (await IsDoneAsync(back, _options.ProbeInterval * 3 / 4, cancel))
            {
                missed = 0;
                _outbox.Release();
                onAlive();
                SetState(BusState.Alive, null);
                _firstAttempt.TrySetResult();
                await Task.Delay(_options.ProbeInterval, _time, cancel);
            }
            else if (++missed >= 2)
            {
                throw new BusDeafException($"Nothing that this process published to itself came back within {(2 * _options.ProbeInterval).TotalSeconds} s.");
            }
        }
    }

    private async Task<bool> IsDoneAsync(Task task, TimeSpan within, CancellationToken cancel)
    {
        try
        {
            await task.WaitAsync(within, _time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return task.IsCompleted;
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            await DisconnectAsync().WaitObservedAsync(_options.ConnectTimeout, _time, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotClosed(_logger, e, Name);
        }
    }

    // Jitter, or all nodes of a cluster come back to the engine at the same moment.
    private async Task PauseAsync(int failures)
    {
        var longest = Math.Min(_options.MaxRetryDelay.TotalMilliseconds, FirstRetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 10)));
        var pause = TimeSpan.FromMilliseconds(longest * (0.5 + Random.Shared.NextDouble() / 2));
        await Task.Delay(pause, _time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void SetState(BusState state, Exception? why)
    {
        if (Interlocked.Exchange(ref _state, (int)state) == (int)state) return;
        if (state == BusState.Alive) LogAlive(_logger, Name);
        // A bus that is disposed of is not lost.
        else if (!_stopped.IsCancellationRequested) LogLost(_logger, why, Name, state.InWords());
        foreach (var handler in Delegate.EnumerateInvocationList(StateChanged))
        {
            try
            {
                handler(state);
            }
            catch (Exception e)
            {
                LogHandlerFailed(_logger, e, Name, nameof(StateChanged));
            }
        }
    }
}
