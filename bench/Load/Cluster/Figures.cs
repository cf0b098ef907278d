using System.Globalization;

namespace LoadCluster;

/// <summary>What one measurement found. CPU is in seconds for a million events, latency in milliseconds, and allocation in bytes for an event.</summary>
internal sealed record Figures(
    double PerSecond, double PublisherCpu, double ReceiverCpu, double EngineCpu, double P50, double P99, double PublisherBytes, double ReceiverBytes, double Lost, double Disordered)
{
    /// <summary>The median of each figure; what was lost or out of order is summed up.</summary>
    public static Figures Median(IReadOnlyCollection<Figures> all)
    {
        return new(
            Of(static one => one.PerSecond), Of(static one => one.PublisherCpu), Of(static one => one.ReceiverCpu), Of(static one => one.EngineCpu), Of(static one => one.P50),
            Of(static one => one.P99), Of(static one => one.PublisherBytes), Of(static one => one.ReceiverBytes), all.Sum(static one => one.Lost), all.Sum(static one => one.Disordered));

        double Of(Func<Figures, double> figure)
        {
            double[] sorted = [.. all.Select(figure).Order()];
            return sorted[sorted.Length / 2];
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{PerSecond:N0} | {PublisherCpu:0.0#} | {ReceiverCpu:0.0} | {EngineCpu:0.0} | {P50:0.00} | {P99:0.00} | {Bytes(PublisherBytes)} | {Bytes(ReceiverBytes)} | {Lost:N0} | {Disordered:N0}");

    // Node has no such counter.
    private static string Bytes(double bytes) => bytes == 0 ? "" : bytes.ToString("N0", CultureInfo.InvariantCulture);
}
