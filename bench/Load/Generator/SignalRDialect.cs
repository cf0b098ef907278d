namespace LoadGenerator;

/// <summary>
/// SignalR's JSON hub protocol over a WebSocket, without negotiation (its HubProtocol.md): records that end with 0x1e.
/// An event is an invocation without id, an ack one with id.
/// </summary>
internal sealed class SignalRDialect : Dialect
{
    private const byte Separator = 0x1e;

    public override string Path => "/hub";

    public override IReadOnlyList<Step> Opening { get; } = [new(Record("""{"protocol":"json","version":1}"""), "{}"u8.ToArray())];

    // The server drops who has been silent for 30 seconds, also when it sends all the time itself.
    public override byte[] KeepAlive { get; } = Record("""{"type":6}""");

    public override Exchange? Event(string name, string arguments, string answer) =>
        new(Record(Invocation(name, arguments)), Text(Invocation(name, answer)));

    public override Exchange? Ack(int id, string name, string arguments, string? result) => new(
        Record($$"""{"type":1,"invocationId":"{{id}}","target":"{{name}}","arguments":[{{arguments}}]}"""),
        Text($$"""{"type":3,"invocationId":"{{id}}","result":{{result ?? "null"}}}"""));

    /// <summary>The server cuts its stream of records into frames wherever its buffers end, and several leave in one frame.</summary>
    public override void Receive(Connection connection, int opcode, ReadOnlySpan<byte> payload, Scenario scenario)
    {
        if (opcode == Frames.Binary) throw new InvalidDataException("A binary frame in SignalR's JSON protocol.");
        for (int end; (end = payload.IndexOf(Separator)) >= 0; payload = payload[(end + 1)..])
        {
            var record = payload[..end];
            if (connection.Unfinished.Length > 0)
            {
                record = (byte[])[.. connection.Unfinished, .. record];
                connection.Unfinished = [];
            }

            if (!record.SequenceEqual("{\"type\":6}"u8)) connection.OnMessage(Frames.Text, record, scenario);
        }

        if (!payload.IsEmpty) connection.Unfinished = [.. connection.Unfinished, .. payload];
    }

    private static string Invocation(string name, string arguments) => $$"""{"type":1,"target":"{{name}}","arguments":[{{arguments}}]}""";

    private static byte[] Record(string json) => Frames.Build(json + (char)Separator);
}
