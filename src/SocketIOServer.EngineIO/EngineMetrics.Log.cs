using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO;

internal sealed partial class EngineMetrics
{
    [LoggerMessage(6, LogLevel.Error, "A listener of the server's metrics or traces threw an exception. Further exceptions are logged at Debug.")]
    private static partial void LogListenerFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Debug, "A listener of the server's metrics or traces threw an exception again.")]
    private static partial void LogListenerFailedAgain(ILogger logger, Exception exception);
}
