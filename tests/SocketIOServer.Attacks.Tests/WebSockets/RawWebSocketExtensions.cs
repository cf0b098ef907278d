namespace SocketIOServer.Attacks.Tests.WebSockets;

internal static class RawWebSocketExtensions
{
    /// <summary>The next frame that is not this text, say a ping of the heartbeat.</summary>
    public static async Task<string> ReadAsync(this RawWebSocket socket, string notText)
    {
        string frame;
        while ((frame = await socket.ReadAsync()) == "81 " + notText)
        {
        }

        return frame;
    }
}
