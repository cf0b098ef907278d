using System.Text.Json;

namespace SocketIOServer.Soak.Clients;

/// <summary>One event of an emitter, as <see cref="RecoveringPeer"/> reads it.</summary>
internal readonly record struct NumberedEvent(string Source, int Number, string? Offset);

/// <summary>A WebSocket client in "/" that keeps what a client 4.x keeps for its recovery: the secret, and the last text at the end of an event.</summary>
internal sealed class RecoveringPeer : IAsyncDisposable
{
    // Node's server sends what was missed before the connect packet, and the clients keep it until then.
    private readonly Queue<NumberedEvent> _early = new();
    private SocketPeer? _peer;

    public string Sid { get; private set; } = "";

    public string? Pid { get; set; }

    public string? Offset { get; set; }

    /// <summary>The server has said so: the secret is the one that the client had.</summary>
    public bool IsRecovered { get; private set; }

    /// <summary>Connects with what it has kept.</summary>
    /// <returns>The connection before, which it has not closed if it was not cut.</returns>
    public async Task<SocketPeer?> ConnectAsync(Uri address)
    {
        var before = _peer;
        var peer = await SocketPeer.OpenAsync(address);
        _peer = peer;
        _early.Clear();
        await peer.SendAsync(Pid is null ? "40" : Offset is null ? $$"""40{"pid":"{{Pid}}"}""" : $$"""40{"pid":"{{Pid}}","offset":"{{Offset}}"}""");
        while (true)
        {
            var text = await peer.ReadAsync() ?? throw new BrokenPromiseException("The connection ended before the client was let in.");
            if (text.StartsWith("44", StringComparison.Ordinal)) throw new BrokenPromiseException("A client was refused: " + text);
            if (text.StartsWith("42", StringComparison.Ordinal)) _early.Enqueue(Parse(text));
            if (!text.StartsWith("40", StringComparison.Ordinal)) continue;
            using var json = JsonDocument.Parse(text.AsMemory(2));
            Sid = json.RootElement.GetProperty("sid").GetString()!;
            var pid = json.RootElement.TryGetProperty("pid", out var property) ? property.GetString() : null;
            (IsRecovered, Pid) = (pid is not null && pid == Pid, pid);
            return before;
        }
    }

    /// <summary>Joins a room. No event may come before the answer.</summary>
    public async Task JoinAsync(string room)
    {
        await _peer!.SendAsync($"421[\"join\",\"{room}\"]");
        string? text;
        do text = await _peer.ReadAsync() ?? throw new BrokenPromiseException("The connection ended before the room was joined.");
        while (!text.StartsWith("431", StringComparison.Ordinal) && Keep(text));
    }

    /// <summary>The next event; null when the connection has ended.</summary>
    public async ValueTask<NumberedEvent?> ReadAsync()
    {
        while (_early.Count == 0)
        {
            if (await _peer!.ReadAsync() is not { } text) return null;
            Keep(text);
        }

        var next = _early.Dequeue();
        if (next.Offset is not null) Offset = next.Offset;
        return next;
    }

    /// <summary>Leaves for good, and waits until the server has dealt with it: the answer to the connect packet that follows comes after that.</summary>
    public async Task LeaveAsync()
    {
        await _peer!.SendAsync("41");
        await _peer.SendAsync("40");
        await _peer.ReadUntilAsync("40");
    }

    /// <summary>The connection breaks. The server learns of it, but at its own time.</summary>
    public void Cut() => _peer!.Reset();

    public ValueTask DisposeAsync() => _peer?.DisposeAsync() ?? default;

    private bool Keep(string text)
    {
        if (text.StartsWith("42", StringComparison.Ordinal)) _early.Enqueue(Parse(text));
        return true;
    }

    // ["n", source, number, offset]
    private static NumberedEvent Parse(string text)
    {
        using var json = JsonDocument.Parse(text.AsMemory(2));
        var args = json.RootElement;
        var offset = args.GetArrayLength() > 3 ? args[3].GetString() : null;
        return new(args[1].GetString()!, args[2].GetInt32(), offset);
    }
}
