using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Cluster;

/// <summary>
/// A bus between servers of one process: for tests of a program on several servers, and for several servers that share their rooms. Each server connects
/// once. Messages are delivered on the publisher's thread, or on the thread that is delivering to the same receiver already.
/// </summary>
/// <example>
/// <code>
/// var bus = new InProcessBus();
/// builder.Services.AddSocketIO("public").AddClusterBus(_ => bus.Connect());
/// builder.Services.AddSocketIO("internal").AddClusterBus(_ => bus.Connect());
/// </code>
/// </example>
public sealed class InProcessBus
{
    private ImmutableArray<InProcessConnection> _connections = [];

    internal ImmutableArray<InProcessConnection> Connections => _connections;

    /// <summary>A new connection, for one server.</summary>
    /// <param name="logger">Gets what handlers throw. Default null: it is dropped.</param>
    public IClusterBus Connect(ILogger? logger = null)
    {
        var connection = new InProcessConnection(this, FencedLogger.Around(logger ?? NullLogger.Instance));
        ImmutableInterlocked.Update(ref _connections, static (all, added) => all.Add(added), connection);
        return connection;
    }

    internal void Remove(InProcessConnection connection) => ImmutableInterlocked.Update(ref _connections, static (all, gone) => all.Remove(gone), connection);
}
