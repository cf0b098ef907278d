using Microsoft.Extensions.Logging;

namespace SocketIOServer.Epoll;

internal sealed partial class EpollConnection
{
    [LoggerMessage(30, LogLevel.Error, "A callback of ConnectionClosed threw an exception. Connection: {Connection}.")]
    private static partial void LogClosedFailed(ILogger logger, string connection, Exception exception);
}
