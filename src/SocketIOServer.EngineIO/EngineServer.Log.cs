using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO;

internal sealed partial class EngineServer
{
    // Never the session id: it is a secret.
    [LoggerMessage(1, LogLevel.Debug, "Request refused: {Message} (origin '{Origin}', host '{Host}').")]
    private static partial void LogRefused(ILogger logger, string message, string origin, string? host);

    [LoggerMessage(2, LogLevel.Debug, "Session on {Transport} closed: {Reason}.")]
    private static partial void LogClosed(ILogger logger, string transport, CloseReason reason);

    [LoggerMessage(3, LogLevel.Debug, "Session on {Transport} opened with {Protocol}.")]
    private static partial void LogOpened(ILogger logger, string transport, string protocol);
}
