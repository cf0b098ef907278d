using System.Collections.ObjectModel;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace SocketIOServer.Tests.Seen;

/// <summary>Meters and sources are the process's: what listens to them runs alone.</summary>
[CollectionDefinition(nameof(Listening), DisableParallelization = true)]
public sealed class Listening;

/// <summary>The OpenTelemetry SDK as a program sets it up, with exporters that keep what they get.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly List<MetricSnapshot> _metrics = [];
    private readonly SpanList _spans = [];
    private readonly MeterProvider _meters;
    private readonly TracerProvider _tracers;

    public Telemetry()
    {
        _meters = Sdk.CreateMeterProviderBuilder().AddMeter("SocketIOServer").AddInMemoryExporter(_metrics).Build();
        _tracers = Sdk.CreateTracerProviderBuilder()
            .AddSource("SocketIOServer", "Microsoft.AspNetCore")
            .AddInMemoryExporter(_spans)
            .Build();
    }

    /// <summary>Our spans that have ended, and those of requests.</summary>
    public IReadOnlyList<Activity> Spans => _spans.Snapshot();

    /// <summary>All values of an instrument now, each by its attributes; of a histogram the sum.</summary>
    public Dictionary<string, double> Read(string instrument)
    {
        _metrics.Clear();
        _meters.ForceFlush();
        return _metrics.FirstOrDefault(metric => metric.Name == instrument) is { } found ? Values(found) : [];
    }

    /// <summary>A value that comes to be what it must: the server may still be at it when its client has its answer.</summary>
    public Task UntilAsync(string instrument, string attributes, double value) =>
        Eventually.TrueAsync(() => Read(instrument).GetValueOrDefault(attributes) == value, () => $"{instrument}: {string.Join(", ", Read(instrument))}");

    public async Task<Activity> SpanAsync(string name)
    {
        await Eventually.TrueAsync(() => Spans.Any(span => span.DisplayName == name), () => string.Join(", ", Spans.Select(span => span.DisplayName)));
        return Spans.First(span => span.DisplayName == name);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _tracers.Dispose();
    }

    private static Dictionary<string, double> Values(MetricSnapshot metric)
    {
        var values = new Dictionary<string, double>();
        foreach (var point in metric.MetricPoints)
        {
            values[Attributes(point)] = metric.MetricType == MetricType.Histogram ? point.GetHistogramSum() : point.GetSumLong();
        }

        return values;
    }

    // "receive polling": the values alone, in the order of their names.
    private static string Attributes(in MetricPoint point)
    {
        var tags = new List<KeyValuePair<string, object?>>();
        foreach (var tag in point.Tags) tags.Add(tag);
        return string.Join(' ', tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => tag.Value));
    }

    /// <summary>Spans end on the server's threads while a test reads the list.</summary>
    private sealed class SpanList : Collection<Activity>
    {
        public IReadOnlyList<Activity> Snapshot()
        {
            lock (Items) return [.. Items];
        }

        protected override void InsertItem(int index, Activity item)
        {
            lock (Items) Items.Add(item);
        }
    }
}
