using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FaultyProgram;

/// <summary>Who listens to meters and traces, while a test is about that.</summary>
internal static class Listeners
{
    private static MeterListener? _meter;
    private static ActivityListener? _activities;

    public static void Begin(string place)
    {
        _meter?.Dispose();
        _activities?.Dispose();
        _meter = null;
        _activities = null;
        if (place == "meter") Measure();
        if (place.StartsWith("trace-", StringComparison.Ordinal)) Trace();
    }

    private static void Measure()
    {
        _meter = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "SocketIOServer") self.EnableMeasurementEvents(instrument);
            },
        };
        _meter.SetMeasurementEventCallback<long>((_, _, _, _) => Fault.At("meter"));
        _meter.SetMeasurementEventCallback<double>((_, _, _, _) => Fault.At("meter"));
        _meter.Start();
    }

    private static void Trace()
    {
        _activities = new()
        {
            ShouldListenTo = source => source.Name == "SocketIOServer",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
            {
                Fault.At("trace-sample");
                return ActivitySamplingResult.AllDataAndRecorded;
            },
            ActivityStarted = _ => Fault.At("trace-started"),
            ActivityStopped = _ => Fault.At("trace-stopped"),
        };
        ActivitySource.AddActivityListener(_activities);
    }
}
