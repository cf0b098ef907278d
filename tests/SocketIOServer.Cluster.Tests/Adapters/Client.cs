using System.Text.RegularExpressions;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A client of one of the servers.</summary>
public sealed partial class Client(SocketClient socket, string id, string name) : IAsyncDisposable
{
    [GeneratedRegex("\"sid\":\"([^\"]+)\"")]
    private static partial Regex Sid { get; }

    public SocketClient Socket => socket;

    public string Id => id;

    public static async Task<Client> JoinAsync(TestHost host, string name = "/") => await JoinAsync(await SocketClient.ConnectAsync(host), name);

    public static async Task<Client> JoinAsync(SocketClient socket, string name = "/")
    {
        await socket.SendAsync(name == "/" ? "40" : $"40{name},");
        return new(socket, Sid.Match(await socket.ReadAsync()).Groups[1].Value, name);
    }

    public Task<string> ReadAsync() => socket.ReadAsync();

    public async Task<string[]> ReadAsync(int count)
    {
        var texts = new string[count];
        for (var i = 0; i < count; i++) texts[i] = await socket.ReadAsync();
        return texts;
    }

    /// <summary>Waits for a question and answers it. Returns the question.</summary>
    public async Task<string> AnswerAsync(string arguments)
    {
        var question = await socket.ReadAsync();
        var start = name == "/" ? 2 : 3 + name.Length;
        await socket.SendAsync($"43{question[2..question.IndexOf('[', start)]}{arguments}");
        return question;
    }

    /// <summary>Leaves the namespace and waits until the server knows it: packets of a client are handled in order.</summary>
    public async Task LeaveAsync()
    {
        await socket.SendAsync(name == "/" ? "41" : $"41{name},");
        await socket.SendAsync("40/chat,");
        while (!(await socket.ReadAsync()).StartsWith("40/chat,", StringComparison.Ordinal))
        {
        }
    }

    public ValueTask DisposeAsync() => socket.DisposeAsync();
}
