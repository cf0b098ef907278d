using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SocketIOServer.Cluster;

namespace SocketIOServer.Postgres.Tests;

/// <summary>The buses of a test, in a database of its own.</summary>
internal sealed class Buses(PostgresServer server, string database) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];

    public string Database => database;

    public PostgresBus Make(Action<PostgresBusOptions>? configure = null, string? password = null, ILogger? logger = null)
    {
        var source = NpgsqlDataSource.Create(password is null ? server.ConnectionString(database) : server.ConnectionString(database, password));
        var options = new PostgresBusOptions { DataSource = source, ConnectTimeout = TimeSpan.FromSeconds(2) };
        configure?.Invoke(options);
        var bus = new PostgresBus(options, TimeProvider.System, logger ?? NullLogger.Instance);
        _owned.AddRange([source, bus]);
        return bus;
    }

    public async Task<PostgresBus> StartAsync(Action<PostgresBusOptions>? configure = null, ILogger? logger = null)
    {
        var bus = Make(configure, logger: logger);
        await bus.StartAsync(CancellationToken.None).WaitAsync(TestHost.Patience);
        await WhenAsync(bus, BusState.Alive);
        return bus;
    }

    public static Task WhenAsync(PostgresBus bus, BusState state) => Eventually.TrueAsync(() => bus.State == state, () => $"the bus is {bus.State}, not {state}");

    /// <summary>Begin it before the fault: a bus can be back sooner than a test looks.</summary>
    public static Task WhenLost(PostgresBus bus)
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bus.StateChanged += state =>
        {
            if (state != BusState.Alive) lost.TrySetResult();
        };
        return lost.Task.WaitAsync(TestHost.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned)) await owned.DisposeAsync();
    }
}
