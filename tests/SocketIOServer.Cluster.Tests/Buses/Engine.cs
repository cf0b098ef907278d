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

    public void Disconnect(EngineBus bus)
    {
        lock (_gate) _connected.Remove(bus);
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
