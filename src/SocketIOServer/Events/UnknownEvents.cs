using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SocketIOServer.Namespaces;
using SocketIOServer.Protocol.SocketIO;
using SocketIOServer.Sockets;

namespace SocketIOServer.Events;

/// <summary>Says that an event had no handler: to the log at Debug, and to a client that asked for an ack where AckErrors is on.</summary>
internal static partial class UnknownEvents
{
    // The client chose the name, and it is written to a log.
    private const int MaxLoggedBytes = 100;

    public static void OnDropped(Socket socket, Namespace @namespace, in SocketPacket packet)
    {
        var server = @namespace.Server;
        if (server.Logger.IsEnabled(LogLevel.Debug)) LogNoHandler(server.Logger, NameForLog(packet.Name.Span), @namespace.LogName, socket.LogId);
        if (server.Options.AckErrors && packet.Id >= 0) new EventCall(socket, @namespace, "", packet).Fail("no handler");
    }

    // Encoded, so that a line break or an escape sequence in the name stays one line of text. A character that is cut becomes U+FFFD.
    private static string NameForLog(ReadOnlySpan<byte> name) =>
        JsonEncodedText.Encode(Encoding.UTF8.GetString(name[..Math.Min(name.Length, MaxLoggedBytes)])).Value;

    [LoggerMessage(24, LogLevel.Debug, "No handler for \"{Event}\" in \"{Namespace}\", sent by socket {Socket}.")]
    private static partial void LogNoHandler(ILogger logger, string @event, string @namespace, string socket);
}
