using Microsoft.Extensions.Logging;

namespace SocketIOServer.Nats;

public sealed partial class NatsBus
{
    [LoggerMessage(70, LogLevel.Warning, "A message of {Bytes} bytes for {Channel} was dropped: the NATS server takes at most {MaxPayload} bytes (max_payload). This line is written at most once in 10 s.")]
    private static partial void LogTooLarge(ILogger logger, int bytes, string channel, int maxPayload);

    [LoggerMessage(71, LogLevel.Warning, "The NATS server reports an error: {Error}. This line is written at most once in 10 s.")]
    private static partial void LogServerError(ILogger logger, string error);
}
