using SocketIOServer;

namespace Demo;

internal static partial class EchoPages
{
    [LoggerMessage(1, LogLevel.Information, "Client disconnected: {Id}, {Why}")]
    private static partial void LogDisconnected(ILogger log, string id, LeaveReason why);
}
