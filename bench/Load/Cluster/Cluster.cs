using System.Globalization;
using System.Text.Json;

namespace LoadCluster;

/// <summary>Two servers of one kind on an engine of their own: one emits, the other counts.</summary>
internal sealed class Cluster : IDisposable
{
    /// <summary>Events that are under way at most.</summary>
    private const int Window = 2000;

    private const string Alone = "-alone";

    private readonly IEngine _engine;
    private readonly NodeProcess _publisher;
    private readonly NodeProcess? _receiver;

    private Cluster(IEngine engine, NodeProcess publisher, NodeProcess? receiver) => (_engine, _publisher, _receiver) = (engine, publisher, receiver);

    /// <param name="kind">Whose servers: ours, node.</param>
    /// <param name="bus">What carries the messages: memory, classic, sharded, streams, postgres. With memory, there is no bus and one server; with -alone behind the name, there is one server.</param>
    public static async Task<Cluster> StartAsync(string kind, string bus)
    {
        var isAlone = bus == "memory" || bus.EndsWith(Alone, StringComparison.Ordinal);
        bus = bus.Replace(Alone, "", StringComparison.Ordinal);
        IEngine engine = bus == "postgres" ? await PostgresEngine.StartAsync() : await RedisEngine.StartAsync();
        var publisher = await NodeProcess.StartAsync(kind, bus, engine.Port);
        return new(engine, publisher, isAlone ? null : await NodeProcess.StartAsync(kind, bus, engine.Port));
    }

    /// <param name="rate">Events a second; 0: as many as the window allows.</param>
    /// <param name="seconds">How long.</param>
    public async Task<Figures> MeasureAsync(int rate, double seconds)
    {
        if (_receiver is not null) await _receiver.TellAsync($"begin {_publisher.Port}");
        double[] before = [_publisher.CpuSeconds(), _receiver?.CpuSeconds() ?? 0, _engine.CpuSeconds()];
        var published = await _publisher.TellAsync($"publish {rate} {(_receiver is null ? 0 : Window)} {seconds.ToString(CultureInfo.InvariantCulture)}");
        double[] after = [_publisher.CpuSeconds(), _receiver?.CpuSeconds() ?? 0, _engine.CpuSeconds()];
        var received = _receiver is null ? published : await _receiver.TellAsync("end");
        var sent = Number(published, "sent");
        var million = sent / 1e6;
        return new(
            sent / Number(published, "seconds"),
            (after[0] - before[0]) / million,
            (after[1] - before[1]) / million,
            (after[2] - before[2]) / million,
            Number(received, "p50") / 1000,
            Number(received, "p99") / 1000,
            Number(published, "allocated") / sent,
            Number(received, "allocated") / sent,
            _receiver is null ? 0 : sent - Number(received, "received"),
            Number(received, "disordered"));
    }

    public void Dispose()
    {
        _publisher.Dispose();
        _receiver?.Dispose();
        _engine.Dispose();
    }

    private static double Number(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
}
