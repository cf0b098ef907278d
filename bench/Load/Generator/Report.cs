using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LoadGenerator;

/// <summary>Medians over the rounds, and ratios of ours to each peer, as Markdown.</summary>
internal static class Report
{
    private const string Ours = "ours";

    public static string Write(IEnumerable<string> results, IEnumerable<string> facts)
    {
        var all = results.Select(line => JsonSerializer.Deserialize<Result>(line)!).ToList();
        var servers = all.Select(r => r.Server).Distinct().ToList();
        var text = new StringBuilder();
        foreach (var fact in facts) text.AppendLine(CultureInfo.InvariantCulture, $"- {fact}");
        Compare(text, "Server CPU, seconds per million messages (broadcast: deliveries)", all, servers, r => r.CpuMicroseconds, "0.00");
        Compare(text, "Bytes allocated per message (delivery)", all, servers, r => r.AllocatedBytes ?? double.NaN, "#,0");
        Compare(text, "Memory per idle WebSocket connection, bytes of RSS as it stands", all, servers, r => r.IdleBytes, "#,0");
        Compare(text, "The same after a garbage collection", all, servers, r => r.IdleBytesCollected, "#,0");
        Compare(text, "Messages (deliveries) per second", all, servers, r => r.PerSecond, "#,0");
        Details(text, all);
        return text.ToString();
    }

    private static void Compare(StringBuilder text, string title, List<Result> all, List<string> servers, Func<Result, double> figure, string format)
    {
        // A figure that a scenario does not have is 0 in all its results.
        var scenarios = all.Where(r => figure(r) > 0).Select(r => r.Scenario).Distinct().ToList();
        if (scenarios.Count == 0) return;
        var peers = servers.Contains(Ours) ? servers.Where(s => s != Ours).ToList() : [];
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {title}").AppendLine();
        Row(text, ["scenario", .. servers, .. peers.Select(p => $"{Ours} / {p}")]);
        Row(text, Enumerable.Repeat("---", 1 + servers.Count + peers.Count));
        foreach (var scenario in scenarios)
        {
            double Of(string server) => Median(all.Where(r => r.Server == server && r.Scenario == scenario).Select(figure));
            Row(text, [scenario, .. servers.Select(s => Show(Of(s), format)), .. peers.Select(p => Show(Ratio(Of(Ours), Of(p)), "0.00"))]);
        }
    }

    private static void Details(StringBuilder text, List<Result> all)
    {
        text.AppendLine().AppendLine("## Latency, and how far to trust a row").AppendLine();
        Row(text, ["scenario", "server", "p50 µs", "p99 µs", "core used by server", "by generator", "CPU cost, lowest to highest round", "warm-up s", "steady"]);
        Row(text, Enumerable.Repeat("---", 9));
        foreach (var group in all.Where(r => r.PerSecond > 0).GroupBy(r => (r.Scenario, r.Server)))
        {
            var costs = group.Select(r => r.CpuMicroseconds).ToList();
            Row(text, [group.Key.Scenario, group.Key.Server,
                Show(Median(group.Select(r => r.P50Microseconds)), "#,0"), Show(Median(group.Select(r => r.P99Microseconds)), "#,0"),
                Show(Median(group.Select(r => r.ServerCpu)), "0 %"), Show(Median(group.Select(r => r.GeneratorCpu)), "0 %"), $"{Show(costs.Min(), "0.00")} to {Show(costs.Max(), "0.00")}",
                Show(Median(group.Select(r => r.WarmupSeconds)), "0"), $"{group.Count(r => r.IsSteady)} of {group.Count()}"]);
        }
    }

    // Nothing is so many times a figure that is nothing itself.
    private static double Ratio(double ours, double peer) => peer >= 0.5 ? ours / peer : double.NaN;

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        if (sorted.Count == 0) return double.NaN;
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Show(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "-";

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.AppendLine("| " + string.Join(" | ", cells) + " |");
}
