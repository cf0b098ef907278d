namespace SocketIOServer.ThirdParty.Tests;

internal static class SocketClientExtensions
{
    /// <summary>Sends a message and reads the next one.</summary>
    public static async Task<string> AskAsync(this SocketClient client, string message)
    {
        await client.SendAsync(message);
        return await client.ReadAsync();
    }
}
