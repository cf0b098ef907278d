using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Events;

/// <summary>
/// Warns of packets with more attachments than JavaScript clients accept: one warning an hour for each event and each ack. The server sends the packet all the
/// same, because older clients and clients in other languages accept it.
/// </summary>
internal sealed partial class AttachmentWarnings(PacketParser parser, ILogger logger, TimeProvider time)
{
    /// <summary>
    /// The default of <c>maxAttachments</c> in socket.io-parser 4.2.7 and 3.3.6. A client throws "too many attachments" for a larger number, closes the connection
    /// with the reason "parse error" and connects again.
    /// </summary>
    public const int MaxOfClients = 10;

    /// <summary>The number of names that are kept. A program can make names from what clients send, and OnFallback answers names that clients invent.</summary>
    internal const int MaxNames = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Namespace, string Name, bool IsAck), long> _warned = [];

    // MessagePack contains binary directly, and a parser of the program has clients whose parser has other limits.
    private readonly bool _isJson = ReferenceEquals(parser, PacketParser.Json);

    /// <summary>Logs a packet that has more than <see cref="MaxOfClients"/> attachments.</summary>
    /// <param name="context">The namespace.</param>
    /// <param name="name">The event, or the event that the ack answers.</param>
    /// <param name="attachments">The number of attachments.</param>
    /// <param name="isAck">Whether the packet is an ack.</param>
    public void Add(NamespaceContext context, string name, int attachments, bool isAck)
    {
        if (!_isJson || !logger.IsEnabled(LogLevel.Warning)) return;
        // A client may have chosen the name.
        name = LogText.Of(name);
        if (IsDue((context.MetricName, name, isAck))) LogTooMany(logger, isAck ? "ack of" : "event", name, context.LogName, attachments, MaxOfClients);
    }

    private bool IsDue((string Namespace, string Name, bool IsAck) packet)
    {
        // The clock can be the program's, so it is read outside the lock.
        var now = time.GetTimestamp();
        var hourAgo = now - (time.TimestampFrequency * 3600);
        lock (_gate)
        {
            if (_warned.TryGetValue(packet, out var last) && last > hourAgo) return false;
            if (_warned.Count >= MaxNames)
            {
                foreach (var (key, at) in _warned)
                {
                    if (at <= hourAgo) _warned.Remove(key);
                }

                if (_warned.Count >= MaxNames) return false;
            }

            _warned[packet] = now;
            return true;
        }
    }

    [LoggerMessage(27, LogLevel.Warning,
        "The {Kind} \"{Event}\" in {Namespace} has {Count} binary attachments. Current JavaScript clients accept at most {Max} in one packet, unless their parser has a larger maxAttachments: they disconnect with \"parse error\" and connect again. Send fewer in one packet. (Logged once an hour for each name.)")]
    private static partial void LogTooMany(ILogger logger, string kind, string @event, string @namespace, int count, int max);
}
