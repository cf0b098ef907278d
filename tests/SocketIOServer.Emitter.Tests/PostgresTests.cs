using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SocketIOServer.Cluster;
using SocketIOServer.Postgres;
using SocketIOServer.Postgres.Tests;

namespace SocketIOServer.Emitter.Tests;

/// <summary>Over PostgreSQL.</summary>
public sealed class PostgresTests(PostgresServer server) : EmitterContract
{
    private NpgsqlDataSource? _source;

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

    protected override IClusterBus Connect() => new PostgresBus(new() { DataSource = _source }, TimeProvider.System, NullLogger.Instance);

    protected override ClusterWire CreateWire() => new PostgresWire();

    protected override void AddBus(ISocketServerBuilder emitter) => emitter.AddPostgres(_source!);
}
