namespace LoadGenerator;

/// <summary>Socket.IO 5 over Engine.IO 4, by WebSocket from the start; each client joins the namespace "/".</summary>
/// <param name="pack">From a packet to the bytes it leaves as.</param>
internal class SocketIODialect(Func<string, byte[]> pack) : Dialect
{
    private readonly byte[] _pong = pack("3");

    public override string Path => "/socket.io/?EIO=4&transport=websocket";

    // engine.io-protocol v4, "Handshake"; socket.io-protocol v5, "Connection to a namespace".
    public override IReadOnlyList<Step> Opening { get; } = [new([], "0{\"sid\":\""u8.ToArray()), new(pack("40"), "40{\"sid\":\""u8.ToArray())];

    public override Dialect? Polling => new PollingDialect();

    public override Exchange? Event(string name, string arguments, string answer) =>
        new(pack($"42[\"{name}\",{arguments}]"), Text($"42[\"{name}\",{answer}]"));

    public override Exchange? Ack(int id, string name, string arguments, string? result) =>
        new(pack($"42{id}[\"{name}\",{arguments}]"), Text($"43{id}[{result}]"));

    public override Exchange? Binary(string name, byte[] bytes)
    {
        var head = $"451-[\"{name}\",{{\"_placeholder\":true,\"num\":0}}]";
        return new([.. pack(head), .. Frames.Build(Frames.Binary, bytes)], Text(head), new Message(Frames.Binary, bytes));
    }

    public override void Receive(Connection connection, int opcode, ReadOnlySpan<byte> payload, Scenario scenario)
    {
        if (payload is [(byte)'2'] && opcode == Frames.Text) connection.Send(_pong);   // engine.io-protocol v4, "Heartbeat": the server asks
        else base.Receive(connection, opcode, payload, scenario);
    }
}
