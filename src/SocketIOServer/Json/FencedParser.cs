using Microsoft.Extensions.Logging;

namespace SocketIOServer.Json;

/// <summary>
/// Wraps a parser of the application. If its decoder throws, one connection is closed, as for an invalid packet. An exception for an event goes to the caller
/// that emits the event. For packets of the server itself, the exception is logged and nothing is sent.
/// </summary>
internal sealed partial class FencedParser : PacketParser
{
    private readonly PacketParser _parser;
    private readonly ILogger _logger;
    private int _hasFailed;

    private FencedParser(PacketParser parser, ILogger logger)
    {
        _parser = parser;
        _logger = logger;
        var old = parser.ForOldClients ?? parser;
        ForOldClients = old == parser ? this : Around(old, logger);
    }

    public override PacketParser ForOldClients { get; }

    /// <summary>The parsers of this library are used as they are.</summary>
    public static PacketParser Around(PacketParser parser, ILogger logger) => parser.IsBuiltIn ? parser : new FencedParser(parser, logger);

    public override PacketDecoder CreateDecoder(PacketLimits limits)
    {
        try
        {
            return new Decoder(this, _parser.CreateDecoder(limits) ?? throw Returned("null from CreateDecoder"), limits);
        }
        catch (Exception e)
        {
            // Code of the application.
            OnFailed(e);
            return new Decoder(this, null, limits);
        }
    }

    public override OutgoingMessage Write(SocketPacketType type, ReadOnlySpan<byte> @namespace, long id, ReadOnlySpan<byte> json, byte[][] attachments)
    {
        try
        {
            return _parser.Write(type, @namespace, id, json, attachments) ?? throw Returned("null from Write");
        }
        catch (Exception e) when (type is not (SocketPacketType.Event or SocketPacketType.Ack))
        {
            // The application did not ask for this packet. Clients ignore a noop.
            OnFailed(e);
            return OutgoingMessage.Noop;
        }
    }

    private InvalidOperationException Returned(string what) => new($"{_parser.GetType()} returned {what}.");

    // Logged at Error once, because a client can repeat the cause.
    private void OnFailed(Exception error)
    {
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0) LogFailed(_logger, error, _parser.GetType().Name);
        else LogFailedAgain(_logger, error, _parser.GetType().Name);
    }

    [LoggerMessage(22, LogLevel.Error, "The parser {Parser} threw an exception. A packet was not sent, or a connection is closed. Further exceptions are logged at Debug.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string parser);

    [LoggerMessage(23, LogLevel.Debug, "The parser {Parser} threw an exception again.")]
    private static partial void LogFailedAgain(ILogger logger, Exception exception, string parser);

    private sealed class Decoder(FencedParser parser, PacketDecoder? decoder, PacketLimits limits) : PacketDecoder(limits)
    {
        public override long WaitingBytes
        {
            get
            {
                try
                {
                    return decoder?.WaitingBytes ?? 0;
                }
                catch (Exception e)
                {
                    // Code of the application.
                    parser.OnFailed(e);
                    return 0;
                }
            }
        }

        public override DecodeResult Add(ReadOnlyMemory<byte> data, bool isBinary, out SocketPacket packet)
        {
            packet = default;
            try
            {
                var result = decoder?.Add(data, isBinary, out packet) ?? DecodeResult.Invalid;
                Fault = decoder?.Fault ?? default;
                // The packet was not created by TryCreate.
                if (result == DecodeResult.Complete && packet.Attachments is null) throw parser.Returned("a packet that TryCreate has not made");
                return result;
            }
            catch (Exception e)
            {
                // Code of the application.
                parser.OnFailed(e);
                return DecodeResult.Invalid;
            }
        }
    }
}
