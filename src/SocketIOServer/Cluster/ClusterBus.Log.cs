using Microsoft.Extensions.Logging;

namespace SocketIOServer.Cluster;

public abstract partial class ClusterBus
{
    [LoggerMessage(40, LogLevel.Information, "The cluster bus {Bus} is alive.")]
    private static partial void LogAlive(ILogger logger, string bus);

    [LoggerMessage(41, LogLevel.Warning, "The cluster bus {Bus} is {State}. This server serves its own clients. What it sends to other servers over this bus is lost until the bus is alive again.")]
    private static partial void LogLost(ILogger logger, Exception? exception, string bus, string state);

    [LoggerMessage(42, LogLevel.Warning, "The cluster bus {Bus} is {State} and drops messages for other servers: {Count} since it was started, heartbeats and questions included. This line is written at most once in 10 s.")]
    private static partial void LogDropped(ILogger logger, string bus, long count, string state);

    [LoggerMessage(43, LogLevel.Error, "A handler of the cluster bus {Bus} failed for {Channel}.")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception, string bus, string channel);

    [LoggerMessage(44, LogLevel.Debug, "The connection of the cluster bus {Bus} could not be closed.")]
    private static partial void LogNotClosed(ILogger logger, Exception exception, string bus);
}
