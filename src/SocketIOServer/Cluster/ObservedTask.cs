namespace SocketIOServer.Cluster;

/// <summary>For tasks that are waited for no longer than a limit: what they throw after that is nobody's.</summary>
internal static class ObservedTask
{
    /// <summary>Waits for a task. If the wait ends first, the exception of the task does not count as unobserved.</summary>
    /// <exception cref="TimeoutException">The task did not complete in time.</exception>
    public static async Task WaitObservedAsync(this Task task, TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            await task.WaitAsync(timeout, time, cancel);
        }
        finally
        {
            if (!task.IsCompleted) task.Observe();
        }
    }

    /// <summary>The exception of a task does not count as unobserved.</summary>
    public static void Observe(this Task task) =>
        task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
