using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Events;

/// <summary>Reports that an event has no handler: to the log at Debug, and to a client that asked for an ack.</summary>
internal static partial class UnknownEvents
{
    public static void OnDropped(EventSocket socket, in SocketPacket packet)
    {
        var server = socket.Context.Server;
        if (server.Logger.IsEnabled(LogLevel.Debug)) LogNoHandler(server.Logger, LogText.Of(packet.Name.Span), socket.Context.LogName, socket.LogId);
        if (packet.Id >= 0) new EventCall(socket, "", packet).Fail("no handler");
    }

    [LoggerMessage(24, LogLevel.Debug, "No handler for \"{Event}\" in \"{Namespace}\", sent by socket {Socket}.")]
    private static partial void LogNoHandler(ILogger logger, string @event, string @namespace, string socket);
}
