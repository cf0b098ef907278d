using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Cluster;

/// <content>The clock, the parser and the log can be those of a program, and throw. The steps behind must go on, and clients are told that they may have missed an event.</content>
internal sealed partial class LogDelivery
{
    private readonly OccasionalLine _failureLine = new();

    private bool TryAppend(LogEntry entry)
    {
        try
        {
            return log.Append(entry);
        }
        catch (Exception e)
        {
            // It counts as one that the log has refused.
            Log(e, entry);
            return false;
        }
    }

    private bool IsInTime(Item item)
    {
        try
        {
            return node.Time.GetElapsedTime(item.Since) < Patience;
        }
        catch (Exception)
        {
            // The program's clock.
            return false;
        }
    }

    private void Run(Item item)
    {
        try
        {
            item.Run(local);
        }
        catch (Exception e)
        {
            OnFailed(e, item);
        }
    }

    private void Keep(Item item)
    {
        try
        {
            item.Keep(local);
        }
        catch (Exception e)
        {
            OnFailed(e, item);
        }
    }

    // Nobody knows which sockets have it. Whoever waits for a change learns of it.
    private void OnFailed(Exception error, Item? item)
    {
        item?.Fail(error);
        if (item is not { IsCall: true }) events?.NoteGap();
        Log(error, item?.Entry);
    }

    private void Log(Exception error, LogEntry? entry)
    {
        try
        {
            if (!_failureLine.IsDue(node.Time)) return;
        }
        catch (Exception)
        {
            // The program's clock.
        }

        LogFailed(node.Logger, error, LogText.Of(entry?.Namespace ?? @namespace));
    }

    [LoggerMessage(132, LogLevel.Error, "A delivery in the order of the cluster's log has failed in {Namespace}. If it was an event, clients with Recovery begin new sessions when they come back. This line is written at most once in 10 s.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string @namespace);
}
