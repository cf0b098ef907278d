using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Testkit;

/// <summary>A client that keeps what a client 4.x keeps for its recovery: the secret, and the last text at the end of an event.</summary>
/// <param name="server">The server that it connects to first.</param>
/// <param name="name">Its namespace.</param>
public sealed class RecoveringClient(Uri server, string name = "/") : IAsyncDisposable
{
    private SocketClient? _client;

    // Node sends what a client has missed before its connect packet; a client keeps it until then.
    private readonly Queue<string> _early = new();

    public RecoveringClient(TestHost host, string name = "/")
        : this(host.Address, name)
    {
    }

    public SocketClient Client => _client!;

    /// <summary>The server that it connects to next.</summary>
    public TestHost Host { set => Server = value.Address; }

    /// <summary>The same for a server that is none of ours.</summary>
    public Uri Server { get; set; } = server;

    public string Sid { get; private set; } = "";

    public string? Pid { get; set; }

    public string? Offset { get; set; }

    /// <summary>Whether the server has said so: the secret is the one that the client had.</summary>
    public bool Recovered { get; private set; }

    private string Prefix => name == "/" ? "" : name + ",";

    public async Task<RecoveringClient> ConnectAsync(string auth = "{}", string? packet = null)
    {
        _early.Clear();
        _client = await SocketClient.ConnectAsync(Server);
        await _client.SendAsync(packet ?? $"40{Prefix}{Auth(auth)}");
        var answer = await _client.ReadAsync();
        while (answer.StartsWith("42", StringComparison.Ordinal) || answer.StartsWith("45", StringComparison.Ordinal) || answer.StartsWith("b:", StringComparison.Ordinal))
        {
            _early.Enqueue(answer);
            answer = await _client.ReadAsync();
        }

        if (!answer.StartsWith($"40{Prefix}{{\"sid\":", StringComparison.Ordinal)) throw new InvalidOperationException(answer);
        var connected = JsonNode.Parse(answer[(2 + Prefix.Length)..])!;
        Sid = (string)connected["sid"]!;
        var pid = (string?)connected["pid"];
        Recovered = pid is not null && pid == Pid;
        Pid = pid;
        return this;
    }

    /// <summary>The next event without its offset, which must be there; of one with bytes, these behind it.</summary>
    public async Task<string> ReadAsync()
    {
        var text = await ReadPacketAsync();
        if (!text.StartsWith('4')) throw new InvalidOperationException(text);
        var attachments = "";
        for (var left = text.StartsWith("45", StringComparison.Ordinal) ? int.Parse(text.AsSpan(2, text.IndexOf('-', StringComparison.Ordinal) - 2), CultureInfo.InvariantCulture) : 0; left > 0; left--)
            attachments += " " + await ReadPacketAsync();
        var args = JsonNode.Parse(text[text.IndexOf('[', StringComparison.Ordinal)..])!.AsArray();
        if (args[^1]?.GetValueKind() != JsonValueKind.String) throw new InvalidOperationException($"{text} has no offset.");
        Offset = (string)args[^1]!;
        args.RemoveAt(args.Count - 1);
        return args.ToJsonString() + attachments;
    }

    public async Task<string[]> ReadAsync(int count)
    {
        var texts = new string[count];
        for (var i = 0; i < count; i++) texts[i] = await ReadAsync();
        return texts;
    }

    /// <summary>The connection breaks. The server learns of it, but at its own time.</summary>
    public void Cut() => Client.Raw.Abort();

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? default;

    private async ValueTask<string> ReadPacketAsync() => _early.TryDequeue(out var early) ? early : await Client.ReadAsync();

    private string Auth(string auth)
    {
        var sent = JsonNode.Parse(auth)!.AsObject();
        if (Pid is not null) sent["pid"] = Pid;
        if (Offset is not null) sent["offset"] = Offset;
        return sent.Count == 0 ? "" : sent.ToJsonString();
    }
}
