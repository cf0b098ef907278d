using System.IO.Pipelines;
using System.Threading.Channels;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>Runs the work that is scheduled on it when a test says so.</summary>
internal sealed class HeldScheduler : PipeScheduler
{
    private readonly Channel<(Action<object?> Action, object? State)> _held = Channel.CreateUnbounded<(Action<object?>, object?)>();

    public override void Schedule(Action<object?> action, object? state)
    {
        if (!_held.Writer.TryWrite((action, state))) ThreadPool.Schedule(action, state);
    }

    public async Task RunAsync(int count)
    {
        using var patience = new CancellationTokenSource(TestHost.Patience);
        for (var i = 0; i < count; i++)
        {
            var (action, state) = await _held.Reader.ReadAsync(patience.Token);
            action(state);
        }
    }

    /// <summary>Runs whatever is scheduled until the task is over.</summary>
    public async Task<T> UntilAsync<T>(Task<T> task)
    {
        using var over = new CancellationTokenSource(TestHost.Patience);
        _ = task.ContinueWith(_ => over.CancelAsync(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            while (!task.IsCompleted)
            {
                var (action, state) = await _held.Reader.ReadAsync(over.Token);
                action(state);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over, or never will be.
        }

        return await task.Soon();
    }

    /// <summary>From here on nothing is held any more.</summary>
    public async ValueTask ReleaseAsync()
    {
        _held.Writer.Complete();
        await foreach (var (action, state) in _held.Reader.ReadAllAsync()) ThreadPool.Schedule(action, state);
    }
}
