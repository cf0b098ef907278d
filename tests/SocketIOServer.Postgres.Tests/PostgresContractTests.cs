using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Postgres.Tests;

/// <summary>What every bus has to pass, over a real PostgreSQL: two servers, the messages of Node's adapter.</summary>
public sealed class PostgresContractTests(PostgresServer server) : AdapterContract
{
    private NpgsqlDataSource? _source;

    protected override int ServerCount => 2;

    protected override ClusterWire CreateWire() => new PostgresWire();

    protected override IClusterBus Connect() => new PostgresBus(new() { DataSource = _source }, TimeProvider.System, NullLogger.Instance);

    public override async ValueTask InitializeAsync()
    {
        _source = NpgsqlDataSource.Create(server.ConnectionString(await server.CreateDatabaseAsync()));
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _source!.DisposeAsync();
    }

    protected override async Task SettleAsync()
    {
        await ListeningAsync();
        // PostgreSQL does not count: who is asked is who is known.
        foreach (var each in Servers) await Eventually.TrueAsync(() => each.Io.Cluster.Nodes.Count == ServerCount, () => $"{each.Io.Cluster.Nodes.Count} servers, {each.Bus.State}");
        // An answer comes behind whatever its server was told before.
        foreach (var each in Servers) await each.Io.CountAsync();
        await ListeningAsync();
    }

    // A bus subscribes in order.
    private async Task ListeningAsync()
    {
        foreach (var each in Servers)
        {
            await using var last = each.Bus.Subscribe(new($"last-{Guid.NewGuid():N}"), (_, _) => { });
            await last.Ready.WaitAsync(TestHost.Patience);
        }
    }
}
