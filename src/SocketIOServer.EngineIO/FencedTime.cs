using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Wraps the application's clock so that neither a timer's callback nor disposing of a timer throws. A callback asks the clock for the time. The framework disposes of
/// timers on threads of the pool, as in <see cref="Task.WaitAsync(TimeSpan, TimeProvider)"/>, and the server does so while it closes sessions. On a thread of the pool,
/// an exception ends the process. Exceptions of all other members reach the caller.
/// </summary>
internal sealed partial class FencedTime : TimeProvider
{
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _hasFailed;

    private FencedTime(TimeProvider time, ILogger logger) => (_time, _logger) = (time, logger);

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _time.LocalTimeZone;

    /// <summary>Returns the clock to use. The system's clock does not throw and is not wrapped.</summary>
    public static TimeProvider Around(TimeProvider time, ILogger logger) => time == System || time is FencedTime ? time : new FencedTime(time, logger);

    public override long GetTimestamp() => _time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(this, _time.CreateTimer(Fence(callback), state, dueTime, period));

    private TimerCallback Fence(TimerCallback callback) => state =>
    {
        try
        {
            callback(state);
        }
        catch (Exception e)
        {
            OnFailed(e);
        }
    };

    // Logged once, because every timer can fail.
    private void OnFailed(Exception error)
    {
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0) LogTimerFailed(_logger, error);
    }

    [LoggerMessage(13, LogLevel.Error, "The TimeProvider threw an exception when one of its timers was due or was disposed. Further exceptions of this kind are not logged.")]
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
