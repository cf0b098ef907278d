using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO;

internal sealed partial class EngineServer
{
    // Never the session id in any of them: it is a secret.
    [LoggerMessage(2, LogLevel.Debug, "Session on {Transport} closed: {Reason}.")]
    private static partial void LogClosed(ILogger logger, string transport, CloseReason reason);

    [LoggerMessage(4, LogLevel.Error, "A session on {Transport} is closed because of an unexpected exception. Other sessions are not affected.")]
    private static partial void LogSessionFailed(ILogger logger, Exception exception, string transport);

    [LoggerMessage(5, LogLevel.Error, "A request failed with an unexpected exception. It is answered with 500.")]
    private static partial void LogRequestFailed(ILogger logger, Exception exception);
}
