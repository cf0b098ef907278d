using Microsoft.Extensions.Logging;
using SocketIOServer.Adapters;

namespace SocketIOServer.Redis;

internal sealed partial class StreamLog
{
    [LoggerMessage(90, LogLevel.Information, "The streams of Redis are alive: all that was in them has been read.")]
    private static partial void LogAlive(ILogger logger);

    [LoggerMessage(91, LogLevel.Warning, "The streams of Redis {State}. This server serves its own clients. Its events for clients of other servers wait until the streams are alive again.")]
    private static partial void LogLost(ILogger logger, Exception? exception, string state);

    [LoggerMessage(92, LogLevel.Warning, "{Count} events and changes of rooms were not written to the streams of Redis since the start. The streams {State}. This line is written at most once in 10 s.")]
    private static partial void LogDropped(ILogger logger, long count, string state);

    [LoggerMessage(93, LogLevel.Warning, "Entries of the stream {Stream} behind {Id} were removed before this process has read them: it was away for too long, or Redis has lost its data.")]
    private static partial void LogGap(ILogger logger, string stream, EntryId id);

    [LoggerMessage(94, LogLevel.Warning, "The namespace {Namespace} has the stream {Stream}, which servers of Node write to and do not read: they miss the events of our servers in it. Rename the namespace or change StreamCount.")]
    private static partial void LogUnreadByNode(ILogger logger, string @namespace, string stream);
}
