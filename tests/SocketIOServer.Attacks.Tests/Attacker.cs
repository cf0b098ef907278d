namespace SocketIOServer.Attacks.Tests;

/// <summary>One client that sends what it should not, on one transport.</summary>
internal abstract class Attacker : IAsyncDisposable
{
    protected const string Question = """42990["ping"]""";
    protected const string Answer = """43990["pong"]""";

    /// <summary>Of its socket in "/"; empty where it has not joined.</summary>
    public string SocketId { get; private set; } = "";

    public abstract string Name { get; }

    /// <summary>The session's.</summary>
    public abstract string Sid { get; }

    /// <param name="host">The server.</param>
    /// <param name="isPolling">Else WebSocket.</param>
    /// <param name="joins">Whether it is in "/" before it attacks.</param>
    public static async Task<Attacker> OpenAsync(TestHost host, bool isPolling, bool joins = true)
    {
        Attacker attacker = isPolling ? await PollingAttacker.OpenAsync(host) : await WebSocketAttacker.OpenAsync(host);
        if (joins) attacker.SocketId = SocketIds.Of(await attacker.JoinAsync());
        return attacker;
    }

    /// <summary>
    /// Sends messages, and behind them, as one who means well, an event. Gives all that came back before the answer to that, then "closed" or "alive".
    /// </summary>
    public async Task<(string Replies, string End)> SendAsync(params string[] messages)
    {
        var replies = new List<string>();
        var end = await SendAsync(messages, replies);
        return (string.Join('␞', replies), end);
    }

    /// <summary>Sends messages, and waits for nothing.</summary>
    public abstract Task PushAsync(params string[] messages);

    public abstract ValueTask DisposeAsync();

    /// <summary>How the transport shows an outcome; that nothing ends is "alive".</summary>
    public abstract string EndFor(string outcome);

    /// <summary>The reason that OnDisconnected is told.</summary>
    public abstract string ReasonFor(string outcome);

    protected abstract Task<string> JoinAsync();

    protected abstract Task<string> SendAsync(string[] messages, List<string> replies);
}
