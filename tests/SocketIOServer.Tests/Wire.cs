using System.Text.RegularExpressions;

namespace SocketIOServer.Tests;

/// <summary>Short words for what nearly every test does.</summary>
internal static partial class Wire
{
    /// <summary>Sends a text and reads the next.</summary>
    public static async Task<string> AskAsync(this SocketClient client, string text)
    {
        await client.SendAsync(text);
        return await client.ReadAsync();
    }

    /// <summary>Sends a binary message, given in hex with blanks.</summary>
    public static Task SendHexAsync(this SocketClient client, string hex) =>
        client.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    /// <summary>Sends a binary message and reads the next.</summary>
    public static async Task<string> AskBytesAsync(this SocketClient client, string hex)
    {
        await client.SendHexAsync(hex);
        return await client.ReadAsync();
    }

    public static async Task SendAsync(this SocketClient client, params string[] texts)
    {
        foreach (var text in texts) await client.SendAsync(text);
    }

    public static async Task<string[]> ReadAsync(this SocketClient client, int count)
    {
        var texts = new string[count];
        for (var i = 0; i < count; i++) texts[i] = await client.ReadAsync();
        return texts;
    }

    /// <summary>A client of revision 3, which is in "/" without asking.</summary>
    public static async Task<SocketClient> JoinOldAsync(TestHost host, string query = "")
    {
        var client = await SocketClient.ConnectAsync(host, eio: 3, query);
        Assert.Equal("40", await client.ReadAsync());
        return client;
    }

    /// <summary>Answers at once: what a test asks last, to know that nothing else came before.</summary>
    public static SocketNamespaceBuilder OnPing(this SocketNamespaceBuilder io) => io.On("ping", () => "pong");

    /// <summary>The client is still served, and nothing is on the way to it.</summary>
    public static async Task AssertAliveAsync(this SocketClient client) => Assert.Equal("""4399["pong"]""", await client.AskAsync("""4299["ping"]"""));

    /// <summary>40 or 40/chat, with the id that it brings.</summary>
    [GeneratedRegex("""^40(/\w+,)?\{"sid":"(?<id>[A-Za-z0-9_-]{20})"\}$""")]
    public static partial Regex Connected { get; }

    public static string IdOf(string connected)
    {
        var match = Connected.Match(connected);
        Assert.True(match.Success, connected);
        return match.Groups["id"].Value;
    }
}
