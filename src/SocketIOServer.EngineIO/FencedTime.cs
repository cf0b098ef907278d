using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO;

/// <summary>
/// The program's clock as the server uses it. The end of a timer never throws: the framework disposes of timers on the pool's threads
/// (<see cref="Task.WaitAsync(TimeSpan, TimeProvider)"/> does), where an exception ends the process, and the server does so while it closes what has ended. What
/// else of the clock throws, throws where the server asks for it.
/// </summary>
internal sealed partial class FencedTime : TimeProvider
{
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _hasFailed;

    private FencedTime(TimeProvider time, ILogger logger) => (_time, _logger) = (time, logger);

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _time.LocalTimeZone;

    /// <summary>The system's clock is the program's only in name, and is used as it is.</summary>
    public static TimeProvider Around(TimeProvider time, ILogger logger) => time == System || time is FencedTime ? time : new FencedTime(time, logger);

    public override long GetTimestamp() => _time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(this, _time.CreateTimer(callback, state, dueTime, period));

    // Once, for it may do so at the end of each timer.
    private void OnFailed(Exception error)
    {
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0) LogTimerFailed(_logger, error);
    }

    [LoggerMessage(13, LogLevel.Error, "The TimeProvider failed at the end of one of its timers. Further failures of that kind are not logged.")]
    private static partial void LogTimerFailed(ILogger logger, Exception exception);

    private sealed class Timer(FencedTime time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            try
            {
                timer.Dispose();
            }
            catch (Exception e)
            {
                time.OnFailed(e);
            }
        }

        public async ValueTask DisposeAsync()
        {
            try
            {
                await timer.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                time.OnFailed(e);
            }
        }
    }
}
