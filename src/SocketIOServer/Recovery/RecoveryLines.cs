using Microsoft.Extensions.Logging;

namespace SocketIOServer.Recovery;

internal static partial class RecoveryLines
{
    [LoggerMessage(105, LogLevel.Debug, "A client in {Namespace} did not get its session back and begins a new one: {Reason}.")]
    public static partial void LogNotRecovered(ILogger logger, string @namespace, string reason);
}
