using SocketIOServer.Emitter;

namespace EmitterSample;

/// <summary>Emits the time to the room "clock" every second. What an outage swallows is not sent later: it would be wrong by then.</summary>
internal sealed partial class Clock(ISocketEmitter io, TimeProvider time, ILogger<Clock> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await io.To("clock").Volatile.EmitAsync("time", time.GetUtcNow());
            }
            catch (EmitterException e)
            {
                LogNotSent(logger, e.Message);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The time was not sent. {Reason}")]
    private static partial void LogNotSent(ILogger logger, string reason);
}
