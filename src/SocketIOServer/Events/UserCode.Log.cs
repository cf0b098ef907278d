using Microsoft.Extensions.Logging;

namespace SocketIOServer.Events;

internal static partial class UserCode
{
    [LoggerMessage(10, LogLevel.Error, "{Hook} in {Namespace} failed for socket {Socket}; the client was refused.")]
    private static partial void LogConnectingFailed(ILogger logger, Exception exception, string hook, string @namespace, string socket);

    [LoggerMessage(20, LogLevel.Information,
        "The event \"{Event}\" of socket {Socket} in {Namespace} was not handled: {Why} More of this connection is logged at Debug.")]
    private static partial void LogNotHandled(ILogger logger, string @event, string socket, string @namespace, string why);

    [LoggerMessage(25, LogLevel.Debug, "The event \"{Event}\" of socket {Socket} in {Namespace} was not handled: {Why}")]
    private static partial void LogNotHandledAgain(ILogger logger, string @event, string socket, string @namespace, string why);

    [LoggerMessage(21, LogLevel.Error, "The handler of \"{Event}\" in {Namespace} failed for socket {Socket}.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string @event, string @namespace, string socket);
}
