using Microsoft.Extensions.Logging;

namespace SocketIOServer.Cluster;

public abstract partial class ClusterBus
{
    [LoggerMessage(40, LogLevel.Information, "The cluster bus {Bus} is alive.")]
    private static partial void LogAlive(ILogger logger, string bus);

    [LoggerMessage(41, LogLevel.Warning, "The cluster bus {Bus} is {State}. Clients of this process are served; events for clients of other processes are lost until the bus is alive again.")]
    private static partial void LogLost(ILogger logger, Exception? exception, string bus, BusState state);

    [LoggerMessage(42, LogLevel.Warning, "The cluster bus {Bus} has dropped {Count} messages since it was started; it is {State}. This line is written at most once in 10 s.")]
    private static partial void LogDropped(ILogger logger, string bus, long count, BusState state);

    [LoggerMessage(43, LogLevel.Error, "A handler of the cluster bus {Bus} failed for {Channel}.")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception, string bus, string channel);

    [LoggerMessage(44, LogLevel.Debug, "The connection of the cluster bus {Bus} could not be closed.")]
    private static partial void LogNotClosed(ILogger logger, Exception exception, string bus);
}
