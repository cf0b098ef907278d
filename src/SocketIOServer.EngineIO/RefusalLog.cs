using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Tells the log of what was refused: a warning the first time in an hour for each reason and pair of origin and host, and not more than
/// some in an hour, since any stranger can cause them. The others are told at Debug.
/// </summary>
internal sealed partial class RefusalLog(ILogger logger, TimeProvider time)
{
    /// <summary>The most warnings in an hour, and the most that is remembered.</summary>
    internal const int MaxWarnings = 32;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly HashSet<(string Reason, string Origin, string Host)> _warned = [];
    private long _since = time.GetTimestamp();

    /// <param name="reason">As in metrics.</param>
    /// <param name="origin">As the request said it.</param>
    /// <param name="host">As the request said it.</param>
    /// <param name="details">What was compared, and what would let the client in; without anything of the request that is not escaped.</param>
    public void Add(string reason, string? origin, string? host, string details)
    {
        if (!logger.IsEnabled(LogLevel.Warning)) return;
        origin = LogText.Of(origin);
        host = LogText.Of(host);
        bool isNew, isLast;
        lock (_gate)
        {
            if (time.GetElapsedTime(_since) >= Hour)
            {
                _warned.Clear();
                _since = time.GetTimestamp();
            }

            isNew = _warned.Count < MaxWarnings && _warned.Add((reason, origin, host));
            isLast = isNew && _warned.Count == MaxWarnings;
        }

        if (isNew) LogFirst(logger, reason, details, origin, host);
        else LogAgain(logger, reason, details, origin, host);
        if (isLast) LogTooMany(logger, MaxWarnings);
    }

    [LoggerMessage(8, LogLevel.Warning, "Refused ({Reason}): {Details} (origin '{Origin}', host '{Host}'; the same is told at Debug for an hour)")]
    private static partial void LogFirst(ILogger logger, string reason, string details, string origin, string host);

    [LoggerMessage(1, LogLevel.Debug, "Refused ({Reason}): {Details} (origin '{Origin}', host '{Host}')")]
    private static partial void LogAgain(ILogger logger, string reason, string details, string origin, string host);

    [LoggerMessage(9, LogLevel.Warning, "{Count} refusals were told in one hour; until it is over, further ones are told at Debug.")]
    private static partial void LogTooMany(ILogger logger, int count);
}
