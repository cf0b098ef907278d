using System.Net;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Epoll;

internal sealed partial class EpollListener
{
    [LoggerMessage(31, LogLevel.Warning, "The endpoint {EndPoint} cannot accept connections: {Error}. It tries again after a short pause.")]
    private static partial void LogPaused(ILogger logger, EndPoint endPoint, string error);
}
