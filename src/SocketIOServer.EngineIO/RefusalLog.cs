using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Logs refusals. The first refusal in an hour for each combination of explanation, subject, origin and host is a warning; all others are logged at Debug.
/// Anyone can cause refusals, so the number of warnings of one kind is also limited. Each kind has its own limit, so a flood of one kind does not hide another.
/// </summary>
internal sealed partial class RefusalLog(ILogger logger, TimeProvider time)
{
    /// <summary>The maximum number of warnings of one kind in an hour. Kinds are constants in the source code, so memory use is bounded too.</summary>
    internal const int MaxWarnings = 10;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly HashSet<(string Kind, string Subject, string Origin, string Host)> _warned = [];
    private readonly Dictionary<string, int> _counts = [];
    private long _since = time.GetTimestamp();

    /// <summary>Logs that a request or a client was refused.</summary>
    /// <param name="reason">The reason that metrics show.</param>
    /// <param name="origin">The header of the request.</param>
    /// <param name="host">The header of the request.</param>
    /// <param name="explanation">Why it was refused.</param>
    public void Add(string reason, string? origin, string? host, Explanation explanation)
    {
        if (!logger.IsEnabled(LogLevel.Warning)) return;
        origin = LogText.Of(origin);
        host = LogText.Of(host);
        if (IsNew(explanation, origin, host, out var isLast)) LogFirst(logger, reason, explanation.Text, origin, host);
        else LogAgain(logger, reason, explanation.Text, origin, host);
        if (isLast) LogTooMany(logger, MaxWarnings, explanation.Kind);
    }

    /// <summary>Logs that a request was accepted although the page that sent it cannot read the response.</summary>
    /// <inheritdoc cref="Add"/>
    public void AddUnreadable(string? origin, string? host, Explanation explanation)
    {
        if (!logger.IsEnabled(LogLevel.Warning)) return;
        origin = LogText.Of(origin);
        host = LogText.Of(host);
        if (IsNew(explanation, origin, host, out var isLast)) LogUnreadable(logger, explanation.Text, origin, host);
        if (isLast) LogTooMany(logger, MaxWarnings, explanation.Kind);
    }

    private bool IsNew(Explanation explanation, string origin, string host, out bool isLast)
    {
        isLast = false;
        if (explanation.IsRoutine) return false;
        lock (_gate)
        {
            if (time.GetElapsedTime(_since) >= Hour)
            {
                _warned.Clear();
                _counts.Clear();
                _since = time.GetTimestamp();
            }

            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, explanation.Kind, out _);
            if (count >= MaxWarnings || !_warned.Add((explanation.Kind, explanation.Subject, origin, host))) return false;
            isLast = ++count == MaxWarnings;
            return true;
        }
    }

    [LoggerMessage(8, LogLevel.Warning, "Refused ({Reason}): {Details} (origin '{Origin}', host '{Host}'; repetitions are logged at Debug for one hour)")]
    private static partial void LogFirst(ILogger logger, string reason, string details, string origin, string host);

    [LoggerMessage(1, LogLevel.Debug, "Refused ({Reason}): {Details} (origin '{Origin}', host '{Host}')")]
    private static partial void LogAgain(ILogger logger, string reason, string details, string origin, string host);

    [LoggerMessage(9, LogLevel.Warning, "The server has logged {Count} refusals of the kind '{Kind}' within one hour. It logs further ones of this kind at Debug until the hour has passed.")]
    private static partial void LogTooMany(ILogger logger, int count, string kind);

    [LoggerMessage(17, LogLevel.Warning, "A page cannot read the server's responses: {Details} (origin '{Origin}', host '{Host}'; logged once an hour)")]
    private static partial void LogUnreadable(ILogger logger, string details, string origin, string host);
}
