using System.Text.Json.Nodes;

namespace SocketIOServer.Interop.Server;

/// <summary>Acknowledgements that the server asks of the client, from within a handler of the same client.</summary>
internal static class Questions
{
    public static void Map(SocketNamespaceBuilder ns) => ns
        .On("ask me", (JsonNode? value, ISocket socket) => socket.CallAsync<JsonNode?>("question", value))
        .On("ask me for bytes", async (ISocket socket) => Convert.ToHexStringLower(await socket.CallAsync<byte[]>("question")))
        .On("ask me about bytes", (string hex, ISocket socket) => socket.CallAsync<string>("question", Convert.FromHexString(hex)))
        .On("ask me briefly", async (ISocket socket) =>
        {
            try
            {
                return await socket.CallAsync<string>("question", timeout: TimeSpan.FromMilliseconds(200));
            }
            catch (TimeoutException)
            {
                return "no answer";
            }
        });
}
