namespace LoadCluster;

/// <summary>Clusters of different kinds side by side. They take turns, round by round, and the others are idle meanwhile; the figures are medians of the rounds.</summary>
internal sealed class Race(int rounds, double seconds)
{
    private static readonly (string Name, int Rate)[] Loads = [("2,000/s", 2000), ("saturated", 0)];

    private readonly List<string> _rows = [];

    /// <param name="racers">Whose servers and what carries their messages, such as ours:classic and node:classic.</param>
    public async Task RunAsync(string[] racers)
    {
        var clusters = new List<(string Racer, Cluster Cluster)>();
        var all = Loads.SelectMany(load => racers.Select(racer => (load.Name, Racer: racer))).ToDictionary(static key => key, static _ => new List<Figures>());
        try
        {
            foreach (var racer in racers)
            {
                var parts = racer.Split(':');
                clusters.Add((racer, await Cluster.StartAsync(parts[0], parts[1])));
                // The compiler of .NET is done after some seconds.
                await clusters[^1].Cluster.MeasureAsync(0, 6);
            }

            for (var round = 0; round < rounds; round++)
            {
                foreach (var (name, rate) in Loads)
                {
                    foreach (var (racer, cluster) in clusters)
                    {
                        // A server that is alone knows it after two seconds.
                        await cluster.MeasureAsync(rate, 2.5);
                        var figures = await cluster.MeasureAsync(rate, seconds);
                        all[(name, racer)].Add(figures);
                        Console.Error.WriteLine($"{racer} {name}: {figures}");
                    }
                }
            }
        }
        finally
        {
            foreach (var (_, cluster) in clusters) cluster.Dispose();
        }

        foreach (var ((name, racer), figures) in all) _rows.Add($"| {racer.Replace(":", " | ", StringComparison.Ordinal)} | {name} | {Figures.Median(figures)} |");
    }

    public void Report()
    {
        Console.WriteLine("| server | bus | load | events/s | publisher CPU s | receiver CPU s | engine CPU s | p50 ms | p99 ms | B a published | B a received | lost | out of order |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var row in _rows) Console.WriteLine(row);
    }
}
