namespace SocketIOServer.Testing;

/// <summary>
/// How long a test waits in real time for something that must happen. Only a test that fails waits so long; the exception says what was missing.
/// </summary>
internal sealed class TestTimeout(ServerLog log)
{
    public TimeSpan Limit { get; set; } = TimeSpan.FromSeconds(10);

    public async Task WaitAsync(Task task, string missing)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw Lost(missing);
        }
    }

    public async Task<T> WaitAsync<T>(Task<T> task, string missing)
    {
        await WaitAsync((Task)task, missing);
        return await task;
    }

    public async Task<T> WaitAsync<T>(Func<TimeSpan, Task<T>> wait, Func<string> missing)
    {
        try
        {
            return await wait(Limit);
        }
        catch (TimeoutException)
        {
            throw Lost(missing());
        }
    }

    private TimeoutException Lost(string missing) =>
        new($"{missing}, within {Limit.TotalSeconds} s of real time. If the server waits for the clock, Clock.Advance moves it.{log.Describe()}");
}
