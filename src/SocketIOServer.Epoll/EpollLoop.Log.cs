using Microsoft.Extensions.Logging;

namespace SocketIOServer.Epoll;

internal sealed partial class EpollLoop
{
    [LoggerMessage(32, LogLevel.Error, "What a loop ran failed, and the loop goes on. The connection, if it was one's: {Connection}.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string? connection);
}
