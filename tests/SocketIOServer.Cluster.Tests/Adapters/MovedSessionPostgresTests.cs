namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>With the messages of Node's PostgreSQL adapter.</summary>
public sealed class MovedSessionPostgresTests : MovedSessionTests
{
    private protected override ClusterWire CreateWire() => new PostgresWire();
}
