using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LoadGenerator;

/// <summary>Medians over the rounds, and ratios of ours to each peer of the same round, as Markdown.</summary>
internal sealed class Report
{
    private const string Ours = "ours";

    private readonly StringBuilder _text = new();
    private readonly List<Result> _all;
    private readonly List<Result> _warmups;
    private readonly List<string> _servers;

    private Report(IEnumerable<string> results)
    {
        var lines = results.Select(line => JsonSerializer.Deserialize<Result>(line)!).ToList();
        _all = lines.FindAll(r => r.Round > 0);
        _warmups = lines.FindAll(r => r.Round == 0);
        _servers = [.. _all.Select(r => r.Server).Distinct()];
    }

    public static string Write(IEnumerable<string> results, IEnumerable<string> facts)
    {
        var report = new Report(results);
        foreach (var fact in facts) report._text.AppendLine(CultureInfo.InvariantCulture, $"- {fact}");
        report.Compare("Server CPU, seconds per million messages (deliveries, connections)", r => r.CpuMicroseconds, "0.00", hasRatios: true);
        report.Growth();
        report.FixedRate();
        report.Compare("Bytes allocated per message (delivery, connection)", r => r.AllocatedBytes, "#,0");
        report.Compare("Memory per idle WebSocket connection, bytes of RSS as it stands", r => r.IdleBytes, "#,0", hasRatios: true);
        report.Compare("The same after a garbage collection", r => r.IdleBytesCollected, "#,0", hasRatios: true);
        report.Compare("Messages (deliveries, connections) per second", r => r.PerSecond, "#,0");
        report.Latency();
        report.Trust();
        return report._text.ToString();
    }

    /// <summary>A row for each scenario that has the figure, a column for each server; and if wished, ours as so many times each peer's.</summary>
    private void Compare(string title, Func<Result, double?> figure, string format, bool hasRatios = false)
    {
        var scenarios = _all.Where(r => figure(r) is not null).Select(r => r.Scenario).Where(s => !Scenarios.IsGrowth(s)).Distinct().ToList();
        var peers = _servers.Where(s => s != Ours).ToList();
        if (scenarios.Count == 0) return;
        double? Of(string scenario, string server) => Median(_all.Where(r => r.Scenario == scenario && r.Server == server).Select(figure));
        Table(title, ["scenario", .. _servers], scenarios.Select(s => Cells(s, _servers.Select(server => Show(Of(s, server), format)))));
        if (!hasRatios || peers.Count == _servers.Count || peers.Count == 0) return;
        Table(null, [$"{Ours} / peer", .. peers], scenarios.Select(s => Cells(s, peers.Select(peer => Show(Ratio(s, peer, figure), "0.00")))));
    }

    private double? Ratio(string scenario, string peer, Func<Result, double?> figure) =>
        Ratio(_all.Where(r => r.Scenario == scenario && r.Server == Ours), _all.Where(r => r.Scenario == scenario && r.Server == peer), figure);

    // Round by round: what slows the machine down for a while slows both.
    private static double? Ratio(IEnumerable<Result> these, IEnumerable<Result> those, Func<Result, double?> figure) =>
        Median(these.Join(those, r => r.Round, r => r.Round, (one, other) => figure(one) / figure(other)));

    private void Growth()
    {
        var rows = _all.Where(r => Scenarios.IsGrowth(r.Scenario)).GroupBy(r => r.Clients).OrderBy(r => r.Key).ToList();
        if (rows.Count == 0) return;
        Table("Server CPU as clients grow (echo-p1), seconds per million messages", ["clients", .. _servers], rows.Select(row =>
            Cells(Show(row.Key, "#,0"), _servers.Select(s => Show(Median(row.Where(r => r.Server == s).Select(r => r.CpuMicroseconds)), "0.00")))));
        Table(null, [$"as many times that with {Show(rows[0].Key, "#,0")}", .. _servers], rows.Skip(1).Select(row =>
            Cells(Show(row.Key, "#,0"), _servers.Select(s => Show(
                Ratio(row.Where(r => r.Server == s), rows[0].Where(r => r.Server == s), r => r.CpuMicroseconds), "0.00")))));
    }

    private void FixedRate() => Table(
        "At a fixed rate: latency µs from when a message was due",
        ["server", "per second", "core used by server", "p50", "p99", "p99.9"],
        _all.Where(r => r.Scenario == Scenarios.FixedRate).GroupBy(r => r.Server).Select(group => Cells(group.Key,
            [Of(group, r => r.PerSecond, "#,0"), Of(group, r => r.ServerCpu, "0 %"), .. Percentiles(group)])));

    private void Latency() => Table(
        "Latency in the closed loops, µs: p50 / p99 / p99.9",
        ["scenario", .. _servers],
        _all.Where(r => r.P50Microseconds is not null && r.Scenario != Scenarios.FixedRate).GroupBy(r => r.Scenario).Select(row =>
            Cells(row.Key, _servers.Select(s => row.Where(r => r.Server == s).ToList() is { Count: > 0 } cell ? string.Join(" / ", Percentiles(cell)) : "-"))));

    private void Trust() => Table(
        "How far to trust a row",
        ["scenario", "server", "core used by server", "by generator", "CPU cost, lowest to highest round", "rounds", "warm-up s"],
        _all.Where(r => r.CpuMicroseconds is not null).GroupBy(r => (r.Scenario, r.Server)).Select(group => Cells(group.Key.Scenario,
            [group.Key.Server, Of(group, r => r.ServerCpu, "0 %"), Of(group, r => r.GeneratorCpu, "0 %"),
                $"{Show(group.Min(r => r.CpuMicroseconds), "0.00")} to {Show(group.Max(r => r.CpuMicroseconds), "0.00")}",
                Show(group.Count(), "0"), Warmup(group.Key.Server, group.Key.Scenario)])));

    private string Warmup(string server, string scenario) => _warmups.FindLast(r => r.Server == server && r.Scenario == scenario) is { } warmup
        ? $"{Show(warmup.WarmupSeconds, "0")}{(warmup.IsSteady == true ? "" : ", not steady")}" : "-";

    private void Table(string? title, IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows)
    {
        var lines = rows.ToList();
        if (lines.Count == 0) return;
        if (title is not null) _text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {title}");
        _text.AppendLine();
        foreach (var line in (IEnumerable<IEnumerable<string>>)[head, head.Select(_ => "---"), .. lines]) _text.AppendLine($"| {string.Join(" | ", line)} |");
    }

    private static IEnumerable<string> Cells(string name, IEnumerable<string> figures) => [name, .. figures];

    private static IEnumerable<string> Percentiles(IEnumerable<Result> group) =>
        [Of(group, r => r.P50Microseconds, "#,0"), Of(group, r => r.P99Microseconds, "#,0"), Of(group, r => r.P999Microseconds, "#,0")];

    private static string Of(IEnumerable<Result> group, Func<Result, double?> figure, string format) => Show(Median(group.Select(figure)), format);

    private static double? Median(IEnumerable<double?> values)
    {
        var sorted = values.OfType<double>().Order().ToList();
        return sorted.Count == 0 ? null : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Show(double? value, string format) =>
        value is { } number && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) : "-";
}
