namespace SocketIOServer.Redis;

/// <summary>For commands that are waited for no longer than a connection lasts: what they throw after that is nobody's.</summary>
internal static class ObservedTask
{
    /// <summary>Waits for a task. If the wait ends first, the exception of the task does not count as unobserved.</summary>
    public static Task WaitObservedAsync(this Task task, CancellationToken cancel) => Observed(task).WaitAsync(cancel);

    /// <inheritdoc cref="WaitObservedAsync(Task, CancellationToken)"/>
    /// <exception cref="TimeoutException">The task did not complete in time.</exception>
    public static Task WaitObservedAsync(this Task task, TimeSpan timeout, TimeProvider time, CancellationToken cancel) => Observed(task).WaitAsync(timeout, time, cancel);

    /// <inheritdoc cref="WaitObservedAsync(Task, CancellationToken)"/>
    public static Task<T> WaitObservedAsync<T>(this Task<T> task, CancellationToken cancel)
    {
        Observed(task);
        return task.WaitAsync(cancel);
    }

    /// <inheritdoc cref="WaitObservedAsync(Task, TimeSpan, TimeProvider, CancellationToken)"/>
    public static Task<T> WaitObservedAsync<T>(this Task<T> task, TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        Observed(task);
        return task.WaitAsync(timeout, time, cancel);
    }

    private static Task Observed(Task task)
    {
        if (!task.IsCompleted)
        {
            _ = task.ContinueWith(
                static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return task;
    }
}
