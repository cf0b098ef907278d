using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>
/// Connects a server to servers of another kind, over a bus beside the one of its own cluster. It puts an adapter of its own around the adapter of each
/// namespace: what the program does goes to the inner adapter and to the bridge's bus, and what comes over the bridge's bus goes to the sockets of this
/// process alone (<see cref="Target.IsLocal"/>), so that nothing goes in circles. Add it with <c>AddClusterBridge</c>.
/// </summary>
/// <param name="name">A short name of the servers on the other side, such as "python".</param>
/// <param name="bus">The bus. The server starts it with the host; the bridge disposes of it.</param>
public abstract class ClusterBridge(string name, IClusterBus bus) : IAsyncDisposable, IDisposable
{
    /// <summary>A short name of the servers on the other side, for logs.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>The bus that carries the messages.</summary>
    public IClusterBus Bus { get; } = bus ?? throw new ArgumentNullException(nameof(bus));

    /// <summary>How many messages were refused, for the metric <c>socketio.server.cluster.poisoned</c>.</summary>
    public abstract long Poisoned { get; }

    /// <summary>Makes the adapter of one namespace.</summary>
    /// <param name="context">The namespace.</param>
    /// <param name="inner">The adapter that knows the sockets of the namespace.</param>
    public abstract Adapter Connect(AdapterContext context, Adapter inner);

    /// <summary>Ends the bus. May be called more than once.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await Bus.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins to end the bus, for a container that is disposed of without await.</summary>
    public void Dispose()
    {
        _ = DisposeAsync().AsTask();
        GC.SuppressFinalize(this);
    }
}
