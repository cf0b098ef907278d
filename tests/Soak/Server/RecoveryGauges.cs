using System.Diagnostics.Metrics;

namespace SocketIOServer.Soak.Server;

/// <summary>What the metrics of the process say of kept sessions.</summary>
internal sealed class RecoveryGauges : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private long _bytes;
    private long _sessions;

    public RecoveryGauges()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name is "socketio.server.recovery.bytes" or "socketio.server.recovery.sessions") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _bytes = value);
        _listener.SetMeasurementEventCallback<int>((_, value, _, _) => _sessions = value);
        _listener.Start();
    }

    public KeptSessions Read()
    {
        lock (_gate)
        {
            _listener.RecordObservableInstruments();
            return new(_sessions, _bytes);
        }
    }

    public void Dispose() => _listener.Dispose();
}

/// <summary>Sessions of clients that may come back, and the bytes of them and of the events.</summary>
public sealed record KeptSessions(long Sessions, long Bytes);
