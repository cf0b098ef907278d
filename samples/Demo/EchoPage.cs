using SocketIOServer;

namespace Demo;

/// <summary>Namespace "/test", for the page that counts each client's messages and leaves after an ack.</summary>
internal static class EchoPage
{
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    public static void Map(SocketNamespaceBuilder test) => test
        .On("my_event", (Text message, ISocket socket) =>
            socket.EmitAsync("my_response", Count(socket, message.Data)))
        .On("my_broadcast_event", (Text message, ISocket socket) =>
            socket.Everyone.EmitAsync("my_response", Count(socket, message.Data)))
        .On("disconnect_request", async (ISocket socket) =>
        {
            // Waits for the client's own word that the farewell has arrived, then hangs up.
            await socket.CallAsync("my_response", Count(socket, "Disconnected!"), FarewellTime);
            await socket.DisconnectAsync();
        });

    private static Numbered Count(ISocket socket, string text) =>
        new(text, socket.Data.Increment("receive_count"));

    private sealed record Text(string Data);

    private sealed record Numbered(string Data, long Count);
}
