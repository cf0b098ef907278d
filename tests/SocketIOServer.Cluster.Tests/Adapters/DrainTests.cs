using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A server stops, and its clients go to the others.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private readonly InProcessBus _bus = new();
    private readonly List<Server> _servers = [];
    private readonly List<RecoveringClient> _clients = [];

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task Its_clients_get_their_sessions_and_every_event_from_another_server_and_then_it_ends()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var client = await ConnectAsync(one);
        var sid = client.Sid;
        await one.Io.Of("/").FindSocket(sid)!.JoinAsync("room");
        await one.Io.EmitAsync("before");

        var stopping = one.Host.StopAsync();

        Assert.Equal("""["before"]""", await client.ReadAsync());
        // No 41: clients reconnect only without it.
        Assert.Equal("closed 1001", await client.Client.ReadAsync());
        await client.Client.CloseAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await one.CheckHealthAsync()).Status);
        Assert.Equal(503, (int)(await one.Host.Http.GetAsync("/socket.io/?EIO=4&transport=polling", TestContext.Current.CancellationToken)).StatusCode);
        await one.Io.To("room").EmitAsync("by the server that stops");
        await two.Io.EmitAsync("by the other");
        Assert.False(stopping.IsCompleted);
        Assert.Contains(two.Host.Log.Lines, line => line.Id.Id == 107);

        client.Host = two.Host;
        await client.ConnectAsync();
        Assert.Equal((true, sid), (client.Recovered, client.Sid));
        Assert.Equal(["""["by the server that stops"]""", """["by the other"]"""], await client.ReadAsync(2));
        await stopping.Soon();
        Assert.Contains(one.Host.Log.Lines, line => line.Id.Id == 109 && line.Text.EndsWith(": 0.", StringComparison.Ordinal));
        Assert.Single(two.Io.Cluster.Nodes);
    }

    [Fact]
    public async Task A_stop_by_SIGTERM_does_not_close_clients_before_they_are_sent_away()
    {
        var (one, _) = (await StartAsync(), await StartAsync());
        var client = await ConnectAsync(one);

        // As SIGTERM does: the host begins to stop before the waves begin.
        one.Host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.Equal(503, (int)(await one.Host.Http.GetAsync("/socket.io/?EIO=4&transport=polling", TestContext.Current.CancellationToken)).StatusCode);
        await one.Io.EmitAsync("still there");
        Assert.Equal("""["still there"]""", await client.ReadAsync());

        var stopping = one.Host.StopAsync();
        Assert.Equal("closed 1001", await client.Client.ReadAsync());
        await client.Client.CloseAsync();
        Assert.Contains(one.Host.Log.Lines, line => line.Id.Id == 108 && line.Text.Contains(": 1,", StringComparison.Ordinal));
        await one.Host.StopInTimeAsync();
        await stopping;
    }

    [Fact]
    public async Task A_polling_client_is_told_at_its_next_poll()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var client = await PollingClient.ConnectAsync(one.Host);
        await client.PostAsync("40");
        await client.PollAsync();
        await one.Io.EmitAsync("before");

        var stopping = one.Host.StopAsync();
        await Eventually.TrueAsync(() => two.Host.Log.Lines.Any(line => line.Id.Id == 107), "the other server knows");
        await Eventually.TrueAsync(() => CountOf(one) == 0, "the client is sent away");

        Assert.StartsWith("42[\"before\"", await client.PollAsync(), StringComparison.Ordinal);
        Assert.Equal("1", await client.PollAsync());
        Assert.False(stopping.IsCompleted);
        await one.Host.StopInTimeAsync();
        await stopping;
    }

    [Fact]
    public async Task It_does_not_wait_longer_than_Linger()
    {
        var (one, _) = (await StartAsync(options => options.Drain!.Linger = TimeSpan.FromSeconds(3)), await StartAsync());
        var (gone, late) = (await ConnectAsync(one), await ConnectAsync(one));
        gone.Cut();
        await Eventually.TrueAsync(() => CountOf(one) == 1, "the server has noticed");
        one.Host.Time.Advance(TimeSpan.FromSeconds(2));

        var stopping = one.Host.StopAsync();
        Assert.Equal("closed 1001", await late.Client.ReadAsync());
        await late.Client.CloseAsync();
        one.Host.Time.Advance(TimeSpan.FromSeconds(2));
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(stopping.IsCompleted);
        one.Host.Time.Advance(TimeSpan.FromSeconds(1));

        await stopping.Soon();
        Assert.Contains(one.Host.Log.Lines, line => line.Id.Id == 109 && line.Text.EndsWith(": 2.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_is_alone_or_has_no_Drain_waits_for_nobody(bool isAlone)
    {
        var one = await StartAsync(options => options.Drain = isAlone ? options.Drain : null);
        if (!isAlone) await StartAsync();
        var client = await ConnectAsync(one);

        var stopping = one.Host.StopAsync();
        Assert.Equal("closed 1001", await client.Client.ReadAsync());
        await client.Client.CloseAsync();

        await stopping.Soon();
        Assert.DoesNotContain(one.Host.Log.Lines, line => line.Id.Id is 108 or 109);
    }

    [Fact]
    public async Task Of_several_servers_that_stop_together_the_last_one_waits_for_nobody()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var (first, second) = (await ConnectAsync(one), await ConnectAsync(two));

        var stopping = Task.WhenAll(one.Host.StopAsync(), two.Host.StopAsync());
        foreach (var client in (RecoveringClient[])[first, second])
        {
            Assert.Equal("closed 1001", await client.Client.ReadAsync());
            await client.Client.CloseAsync();
        }

        await stopping.Soon();
    }

    [Fact]
    public async Task Clients_are_sent_away_in_waves()
    {
        var (one, _) = (await StartAsync(options => options.Drain = new() { Spread = TimeSpan.FromMinutes(1) }), await StartAsync());
        for (var i = 0; i < 30; i++) await ConnectAsync(one);

        var stopping = one.Host.StopAsync();
        var reads = _clients.Select(client => client.Client.ReadAsync()).ToArray();
        Assert.Equal("closed 1001", await await Task.WhenAny(reads));
        // The first wave is ten of thirty, and the next one is not before 50 ms later.
        Assert.InRange(CountOf(one), 1, 20);

        Assert.All(await Task.WhenAll(reads), answer => Assert.Equal("closed 1001", answer));
        foreach (var client in _clients) await client.Client.CloseAsync();
        await one.Host.StopInTimeAsync();
        await stopping;
    }

    [Fact]
    public async Task What_is_repeated_for_some_clients_does_not_push_out_what_others_have_missed()
    {
        var (one, two) = (await StartAsync(), await StartAsync(options => options.Recovery!.MaxMessages = 25));
        for (var i = 0; i < 12; i++) await ConnectAsync(one);
        var stopping = one.Host.StopAsync();
        foreach (var client in _clients)
        {
            Assert.Equal("closed 1001", await client.Client.ReadAsync());
            await client.Client.CloseAsync();
        }

        for (var i = 0; i < 20; i++) await (i % 2 == 0 ? one : two).Io.EmitAsync("n", i);
        foreach (var client in _clients)
        {
            client.Host = two.Host;
            await client.ConnectAsync();
            Assert.True(client.Recovered);
            Assert.Equal(20, (await client.ReadAsync(20)).Distinct().Count());
        }

        await stopping.Soon();
    }

    [Fact]
    public async Task A_client_that_is_cut_while_its_session_moves_gets_it_from_a_third_server()
    {
        var isReached = new TaskCompletionSource();
        var goesOn = new TaskCompletionSource();
        var one = await StartAsync();
        var two = await StartAsync(options => options.Recovery!.RunOnConnecting = true, io => io.OnConnecting(async () =>
        {
            isReached.TrySetResult();
            await goesOn.Task;
        }));
        var three = await StartAsync();
        var client = await ConnectAsync(one);
        var sid = client.Sid;
        client.Cut();
        await Eventually.TrueAsync(() => CountOf(one) == 0, "the server has noticed");
        await one.Io.EmitAsync("missed");
        client.Host = two.Host;
        var first = client.ConnectAsync();
        await isReached.Task.Soon();
        client.Cut();
        await Assert.ThrowsAnyAsync<Exception>(() => first);
        await Eventually.TrueAsync(() => two.Host.Services.GetRequiredService<SocketServer>().Engines[0].Sessions.Count == 0, "the second server has noticed");

        client.Host = three.Host;
        var second = client.ConnectAsync();
        await Task.Delay(50, TestContext.Current.CancellationToken);
        goesOn.SetResult();

        await second;
        Assert.Equal((true, sid), (client.Recovered, client.Sid));
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_is_cut_while_it_is_let_in_again_gets_its_session_from_the_same_server()
    {
        var isReached = new TaskCompletionSource();
        var goesOn = new TaskCompletionSource();
        var count = 0;
        var one = await StartAsync(options => options.Recovery!.RunOnConnecting = true, io => io.OnConnecting(async () =>
        {
            if (Interlocked.Increment(ref count) != 2) return;
            isReached.TrySetResult();
            await goesOn.Task;
        }));
        var client = await ConnectAsync(one);
        var sid = client.Sid;
        client.Cut();
        var first = client.ConnectAsync();
        await isReached.Task.Soon();
        client.Cut();
        await Assert.ThrowsAnyAsync<Exception>(() => first);

        var second = client.ConnectAsync();
        await Eventually.TrueAsync(() => one.Host.Services.GetRequiredService<SocketServer>().Engines[0].Sessions.Count == 1, "the first connection has ended");
        goesOn.SetResult();

        await second;
        Assert.Equal((true, sid), (client.Recovered, client.Sid));
    }

    [Theory]
    [InlineData(18, 1)]
    [InlineData(19, 0)]
    public async Task A_ShutdownTimeout_that_is_too_short_is_logged_at_the_start(int seconds, int lines)
    {
        var server = await StartAsync(configureHost: builder => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(seconds)));

        Assert.Equal(lines, server.Host.Log.Lines.Count(line => line.Id.Id == 110));
    }

    [Fact]
    public async Task So_is_a_Spread_that_does_not_fit_into_its_half()
    {
        var server = await StartAsync(options => options.Drain = new() { Spread = TimeSpan.FromSeconds(20), Linger = TimeSpan.FromSeconds(1) });

        Assert.Single(server.Host.Log.Lines, line => line.Id.Id == 110);
    }

    private static int CountOf(Server server) => server.Host.Services.GetRequiredService<SocketServer>().Root.SocketCount;

    private async Task<RecoveringClient> ConnectAsync(Server server)
    {
        var client = new RecoveringClient(server.Host);
        _clients.Add(client);
        return await client.ConnectAsync();
    }

    private async Task<Server> StartAsync(Action<SocketServerOptions>? configure = null, Action<SocketEndpointBuilder>? map = null, Action<WebApplicationBuilder>? configureHost = null)
    {
        var server = await Server.StartAsync(_bus.Connect(), map: map, options: options =>
        {
            options.Recovery = new();
            configure?.Invoke(options);
        }, builder: configureHost);
        _servers.Add(server);
        return server;
    }
}
