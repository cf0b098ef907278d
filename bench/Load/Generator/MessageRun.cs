using System.Diagnostics;

namespace LoadGenerator;

/// <summary>Warms a server up until it is steady, then measures what a message costs it.</summary>
internal static class MessageRun
{
    private const int SteadyWindows = 4;
    private const double SteadyWithin = 0.03;

    public static Result Run(Settings settings, Scenario scenario, int clients)
    {
        var server = new ServerProcess(settings.ProcessId, settings.Port);
        using var load = new Load(scenario, clients, settings.Port);
        var (warmup, isSteady) = WarmUp(settings, load, server);

        scenario.Latency.Clear();
        var (count, cpu, own) = (load.Count, server.CpuSeconds(), Environment.CpuUsage.TotalTime);
        var seconds = load.RunFor(settings.MeasureSeconds, clients);
        var messages = load.Count - count;
        cpu = server.CpuSeconds() - cpu;
        own = Environment.CpuUsage.TotalTime - own;
        var (p50, p99, p999) = (Microseconds(scenario, 0.50), Microseconds(scenario, 0.99), Microseconds(scenario, 0.999));

        // In a window of its own, so that asking for it never shows in the figures above.
        var (from, allocated) = (load.Count, server.AllocatedBytes());
        load.RunFor(settings.MeasureSeconds / 2);
        allocated = server.AllocatedBytes() - allocated;
        var counted = load.Count - from;
        load.Finish();

        return new Result
        {
            Server = settings.Server,
            Scenario = settings.Scenario,
            Clients = clients,
            Round = settings.Round,
            PerSecond = Math.Round(messages / seconds),
            CpuMicroseconds = Each(cpu * 1e6, messages, 3),
            ServerCpu = Math.Round(cpu / seconds, 2),
            GeneratorCpu = Math.Round(own.TotalSeconds / seconds, 2),
            P50Microseconds = p50,
            P99Microseconds = p99,
            P999Microseconds = p999,
            AllocatedBytes = Each(allocated, counted, 1),
            WarmupSeconds = Math.Round(warmup),
            IsSteady = isSteady,
        };
    }

    /// <summary>.NET compiles hot code anew for many seconds, so time alone is no measure: the cost a message must have stopped moving.</summary>
    private static (double Seconds, bool IsSteady) WarmUp(Settings settings, Load load, ServerProcess server)
    {
        var costs = new List<double>();
        var passed = 0.0;
        while (passed < settings.WarmupMaximum)
        {
            var (count, cpu) = (load.Count, server.CpuSeconds());
            passed += load.RunFor(1);
            costs.Add((server.CpuSeconds() - cpu) / (load.Count - count));
            if (passed >= settings.WarmupMinimum && IsSteady(costs)) return (passed, true);
        }

        return (passed, false);
    }

    private static bool IsSteady(List<double> costs)
    {
        if (costs.Count < SteadyWindows) return false;
        var last = costs[^SteadyWindows..];
        return last.Max() <= last.Min() * (1 + SteadyWithin);
    }

    // At a fixed rate a server may be so far behind that nothing came back.
    private static double? Each(double? total, long messages, int digits) =>
        total is { } some && messages > 0 ? Math.Round(some / messages, digits) : null;

    private static double Microseconds(Scenario scenario, double fraction) =>
        Math.Round(scenario.Latency.Percentile(fraction) * 1e6 / Stopwatch.Frequency);
}
