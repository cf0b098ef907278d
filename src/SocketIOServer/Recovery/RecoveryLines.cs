using Microsoft.Extensions.Logging;

namespace SocketIOServer.Recovery;

internal static partial class RecoveryLines
{
    [LoggerMessage(105, LogLevel.Debug, "A client in {Namespace} did not get its session back and begins a new one: {Reason}.")]
    public static partial void LogNotRecovered(ILogger logger, string @namespace, string reason);

    [LoggerMessage(140, LogLevel.Warning, "Recovery works on one server at a time: where rooms have channels of their own (RoomChannels.Dynamic and DynamicPrivate), a client that comes to another server begins a new session, also at a deploy. Set RoomChannels.Static, or use AddRedisStreams.")]
    public static partial void LogStaysOnServer(ILogger logger);
}
