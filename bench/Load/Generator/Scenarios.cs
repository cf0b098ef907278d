namespace LoadGenerator;

/// <summary>All scenarios by name: how many clients take part, and what they do.</summary>
internal static class Scenarios
{
    public const string FixedRate = "fixed-rate";

    private const string Growth = "growth-";

    private static readonly string Text32 = Text(32);
    private static readonly string Text64 = Text(64);

    private const string Object = """{"id":12345,"name":"a name of some length","values":[1,2,3],"ok":true}""";
    private static readonly byte[] Kibibyte = [.. Enumerable.Range(0, 1024).Select(i => (byte)i)];

    private static readonly Entry[] All =
    [
        new("echo-p1", 100, d => Echo(d, 1, _ => d.Event("echo", Text32))),
        new("echo-p16", 100, d => Echo(d, 16, _ => d.Event("echo", Text32))),
        new("echo-object", 100, d => Echo(d, 1, _ => d.Event("echoj", Object))),
        new("echo-binary", 100, d => Echo(d, 1, _ => d.Binary("echob", Kibibyte))),
        new("ack-p1", 100, d => Echo(d, 1, id => d.Ack(id, "ack", Text32, Text32))),
        new("ack-p16", 100, d => Echo(d, 16, id => d.Ack(id, "ack", Text32, Text32))),
        new(FixedRate, 100, d => d.Event("echo", Text32) is { } exchange ? new FixedRateScenario(d, exchange, perSecond: 5000) : null),
        new("broadcast-w1", 1000, d => Broadcast(d, 1)),
        new("broadcast-w8", 1000, d => Broadcast(d, 8)),
        new("rooms", 1000, d => Rooms(d, 10)),
        new("connect-close", 50, d => new ConnectScenario(d)),
        new("polling-echo", 100, d => d.Polling is { } polling ? Echo(polling, 1, _ => polling.Event("echo", Text32)) : null),
        .. new[] { 100, 1000, 5000, 10_000 }.Select(clients => new Entry(Growth + clients, clients, d => Echo(d, 1, _ => d.Event("echo", Text32)))),
        new("idle", 5000, d => new IdleScenario(d)),
        new("idle-10000", 10_000, d => new IdleScenario(d)),
    ];

    /// <summary>The names of those that <paramref name="dialect"/> has words for, in the order of the report.</summary>
    public static IEnumerable<string> In(Dialect dialect) => All.Where(e => e.Make(dialect) is not null).Select(e => e.Name);

    public static bool IsGrowth(string name) => name.StartsWith(Growth, StringComparison.Ordinal);

    public static (Scenario Scenario, int Clients) Of(string name, Dialect dialect)
    {
        var entry = All.FirstOrDefault(e => e.Name == name) ?? throw new ArgumentException($"There is no scenario {name}.");
        return (entry.Make(dialect) ?? throw new ArgumentException($"This dialect has no words for {name}."), entry.Clients);
    }

    private static EchoScenario? Echo(Dialect dialect, int inFlight, Func<int, Exchange?> exchange)
    {
        // Ids of three digits for all slots, so that all requests are equally long.
        var slots = Enumerable.Range(100, inFlight).Select(exchange).OfType<Exchange>().ToArray();
        return slots.Length == inFlight ? new EchoScenario(dialect, slots) : null;
    }

    private static BroadcastScenario? Broadcast(Dialect dialect, int inFlight) =>
        dialect.Event("bcast", Text64) is { } broadcast ? new BroadcastScenario(dialect, inFlight, [broadcast], joins: []) : null;

    private static BroadcastScenario? Rooms(Dialect dialect, int count)
    {
        var names = Enumerable.Range(0, count).Select(i => $"\"room-{i}\"").ToList();
        var joins = names.Select(n => dialect.Ack(100, "join", n, null)).OfType<Exchange>().ToArray();
        var broadcasts = names.Select(n => dialect.Event("roomcast", $"{n},{Text64}", Text64)).OfType<Exchange>().ToArray();
        return joins.Length == count && broadcasts.Length == count ? new BroadcastScenario(dialect, inFlight: 1, broadcasts, joins) : null;
    }

    private static string Text(int length) => $"\"{new string('x', length)}\"";

    private sealed record Entry(string Name, int Clients, Func<Dialect, Scenario?> Make);
}
