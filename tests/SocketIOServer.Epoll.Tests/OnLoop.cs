namespace SocketIOServer.Epoll.Tests;

/// <summary>What a test has a loop run.</summary>
internal static class OnLoop
{
    /// <summary>The thread that has the loop.</summary>
    public static Task<Thread> ThreadAsync(this EpollLoop loop)
    {
        var thread = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Schedule(_ => thread.SetResult(Thread.CurrentThread), null);
        return thread.Task.Soon();
    }

    /// <summary>The program's code, which keeps the loop's thread until it may go.</summary>
    public static Task<Thread> KeepAsync(this EpollLoop loop, TaskCompletionSource go)
    {
        var kept = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.ApplicationScheduler!.Schedule(
            _ =>
            {
                kept.SetResult(Thread.CurrentThread);
                go.Task.Wait(TestHost.Patience);
            },
            null);
        return kept.Task.Soon();
    }
}
