namespace SocketIOServer.Cluster.Tests.Buses;

/// <summary>An engine that can be stopped, frozen, cut off and made to forget subscriptions.</summary>
internal sealed class Engine
{
    private readonly Lock _gate = new();
    private readonly List<EngineBus> _connected = [];

    /// <summary>Attempts to connect fail.</summary>
    public bool IsStopped { get; set; }

    /// <summary>It takes what is published and gives nothing to anybody, as a process that was stopped by a signal does.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>It confirms no subscription.</summary>
    public bool KeepsSubscribersWaiting { get; set; }

    /// <summary>Attempts to connect are held up until it is set.</summary>
    public TaskCompletionSource? Connecting { get; set; }

    /// <summary>Attempts that are held up.</summary>
    public int Attempts { get; set; }

    /// <summary>How often a connection was closed while an attempt was still going on.</summary>
    public int ClosedTooSoon { get; private set; }

    public int Connections { get; private set; }

    public void Connect(EngineBus bus)
    {
        if (IsStopped) throw new IOException("stopped");
        lock (_gate)
        {
            Connections++;
            _connected.Add(bus);
        }
    }

    public void Disconnect(EngineBus bus, bool isConnecting)
    {
        lock (_gate)
        {
            _connected.Remove(bus);
            if (isConnecting) ClosedTooSoon++;
        }
    }

    public void Publish(BusMessage message)
    {
        if (IsFrozen) return;
        EngineBus[] all;
        lock (_gate) all = [.. _connected];
        foreach (var bus in all) bus.Take(message);
    }

    /// <summary>Every connection ends.</summary>
    public void Cut()
    {
        EngineBus[] all;
        lock (_gate) all = [.. _connected];
        foreach (var bus in all) bus.Lose();
    }
}
