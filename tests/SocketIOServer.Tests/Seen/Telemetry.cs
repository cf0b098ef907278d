using System.Collections.Concurrent;
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
    private readonly MetricsKeeper _metrics = new();
    private readonly SpanKeeper _spans = new();
    private readonly MeterProvider _meters;
    private readonly TracerProvider _tracers;

    public Telemetry()
    {
        _meters = Sdk.CreateMeterProviderBuilder().AddMeter("SocketIOServer").AddReader(new BaseExportingMetricReader(_metrics)).Build();
        _tracers = Sdk.CreateTracerProviderBuilder()
            .AddSource("SocketIOServer", "Microsoft.AspNetCore")
            .AddProcessor(new SimpleActivityExportProcessor(_spans))
            .Build();
    }

    /// <summary>Our spans that have ended, and those of requests.</summary>
    public IReadOnlyList<Activity> Spans => [.. _spans.All];

    /// <summary>All values of an instrument now, each by its attributes; of a histogram the sum.</summary>
    public Dictionary<string, double> Read(string instrument)
    {
        _meters.ForceFlush();
        return _metrics.Last.GetValueOrDefault(instrument) ?? [];
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

    private sealed class SpanKeeper : BaseExporter<Activity>
    {
        public ConcurrentQueue<Activity> All { get; } = new();

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch) All.Enqueue(span);
            return ExportResult.Success;
        }
    }

    private sealed class MetricsKeeper : BaseExporter<Metric>
    {
        public Dictionary<string, Dictionary<string, double>> Last { get; private set; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            var all = new Dictionary<string, Dictionary<string, double>>();
            foreach (var metric in batch)
            {
                var values = all[metric.Name] = [];
                foreach (ref readonly var point in metric.GetMetricPoints()) values[Attributes(point)] = Value(metric, point);
            }

            Last = all;
            return ExportResult.Success;
        }

        private static double Value(Metric metric, in MetricPoint point) =>
            metric.MetricType == MetricType.Histogram ? point.GetHistogramSum() : point.GetSumLong();

        // "receive polling": the values alone, by the order of their names.
        private static string Attributes(in MetricPoint point)
        {
            var tags = new List<KeyValuePair<string, object?>>();
            foreach (var tag in point.Tags) tags.Add(tag);
            return string.Join(' ', tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => tag.Value));
        }
    }
}
