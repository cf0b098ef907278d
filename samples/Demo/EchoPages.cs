using SocketIOServer;

namespace Demo;

/// <summary>
/// Namespace "/test", for two pages: the classic one with two forms (event names with spaces),
/// and the one that counts each client's messages and leaves after an ack (names with underscores).
/// </summary>
internal static partial class EchoPages
{
    private const string Counter = "receive_count";

    public static void Map(ISocketNamespaceBuilder test) => test
        .OnConnected((ISocket socket) => socket.EmitAsync("my response", new Text("Connected")))
        .On("my event", (Text message, ISocket socket) => socket.EmitAsync("my response", message))
        .On("my broadcast event", (Text message, ISocket socket) => socket.Everyone.EmitAsync("my response", message))

        .On("my_event", (Text message, ISocket socket) =>
            socket.EmitAsync("my_response", Count(socket, message.Data)))
        .On("my_broadcast_event", (Text message, ISocket socket) =>
            socket.Everyone.EmitAsync("my_response", Count(socket, message.Data)))
        .On("disconnect_request", async (ISocket socket) =>
        {
            // Waits for the client's own word that the farewell has arrived, then hangs up.
            await socket.CallAsync("my_response", Count(socket, "Disconnected!"), timeout: TimeSpan.FromSeconds(5));
            await socket.DisconnectAsync();
        })

        .OnDisconnected((ISocket socket, LeaveReason why, ILogger<Program> log) => LogDisconnected(log, socket.Id, why));

    private static Numbered Count(ISocket socket, string text) => new(text, socket.Data.Increment(Counter));

    private sealed record Text(string Data);

    private sealed record Numbered(string Data, long Count);
}
