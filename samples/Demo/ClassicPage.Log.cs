using SocketIOServer;

namespace Demo;

internal static partial class ClassicPage
{
    [LoggerMessage(1, LogLevel.Information, "Client disconnected: {Id}, {Why}")]
    private static partial void LogDisconnected(ILogger log, string id, LeaveReason why);
}
