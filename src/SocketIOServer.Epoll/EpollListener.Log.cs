using System.Net;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Epoll;

internal sealed partial class EpollListener
{
    [LoggerMessage(31, LogLevel.Warning, "{EndPoint} accepts no connections for a moment: {Error}.")]
    private static partial void LogPaused(ILogger logger, EndPoint endPoint, string error);
}
