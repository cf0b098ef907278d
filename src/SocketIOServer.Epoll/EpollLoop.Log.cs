using Microsoft.Extensions.Logging;

namespace SocketIOServer.Epoll;

internal sealed partial class EpollLoop
{
    [LoggerMessage(32, LogLevel.Error, "Work on an epoll loop threw an exception. The loop continues. Connection, if any: {Connection}.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string? connection);
}
