using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Adapters;
using SocketIOServer.Cluster;

namespace SocketIOServer.Redis.Tests.Recovery;

/// <summary>Servers of ours that recover each other's clients over a real Redis, and the faults that Redis has.</summary>
public sealed class StreamRecoveryTests : IAsyncLifetime
{
    private readonly List<TestHost> _hosts = [];
    private readonly List<RecoveringClient> _clients = [];
    private readonly Channel<ISocket> _joined = Channel.CreateUnbounded<ISocket>();
    private readonly Channel<LeaveReason> _left = Channel.CreateUnbounded<LeaveReason>();
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        for (var i = 0; i < 2; i++) await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var host in _hosts) await host.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_was_started_later_gives_a_client_what_was_written_before_it_was_there()
    {
        var client = await JoinAsync(0, "room");
        await _hosts[1].Io.To("room").EmitAsync("first");
        Assert.Equal("""["first"]""", await client.ReadAsync());
        await CutAsync(client);
        for (var i = 0; i < 1200; i++) await _hosts[1].Io.To("room").EmitAsync("n", i);
        await Eventually.TrueAsync(() => LogOf(1).Statistics.QueuedMessages == 0, "the events are not written");
        // The server that had the client is gone, and so is the one that has written them.
        foreach (var host in _hosts.ToArray())
        {
            _hosts.Remove(host);
            await host.DisposeAsync();
        }

        await StartAsync();
        await ReturnAsync(client, 0);

        Assert.True(client.Recovered);
        for (var i = 0; i < 1200; i++) Assert.Equal($"""["n",{i}]""", await client.ReadAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_client_that_has_received_nothing_is_recovered_too(int server)
    {
        var client = await JoinAsync(0, "room");
        await CutAsync(client);
        await _hosts[1].Io.To("room").EmitAsync("missed");
        await ReturnAsync(client, server);

        Assert.True(client.Recovered);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    [InlineData("")]
    [InlineData("gqA=")]
    [InlineData("hKNzaWSheKNwaWSheaVyb29tc5GheKRkYXRhgA==")]
    public async Task What_is_no_session_of_the_client_begins_a_new_one(string record)
    {
        var client = await JoinAsync(0, "room");
        await _hosts[1].Io.To("room").EmitAsync("first");
        await client.ReadAsync();
        await CutAsync(client);
        await _redis.ExecuteAsync("SET", "sio:session:" + client.Pid, record);

        await ReturnAsync(client, 1);

        Assert.False(client.Recovered);
        Assert.Empty(_hosts[1].Log.Errors);
    }

    [Fact]
    public async Task The_secret_of_a_client_makes_no_key_of_another_program()
    {
        await _redis.ExecuteAsync("SET", "sio:session:a\r\nb", "x");
        await _redis.ExecuteAsync("SET", "sio:session:" + new string('a', 1000), "x");

        foreach (var pid in (string[])["a\r\nb", new('a', 1000), "", "*"])
        {
            var client = Create(0);
            (client.Pid, client.Offset) = (pid, "1-0");
            await client.ConnectAsync();
            await _joined.Reader.ReadAsync().AsTask().Soon();
            Assert.False(client.Recovered);
        }

        Assert.Equal("x", (string?)await _redis.ExecuteAsync("GET", "sio:session:a\r\nb"));
        Assert.Equal("x", (string?)await _redis.ExecuteAsync("GET", "sio:session:" + new string('a', 1000)));
    }

    [Fact]
    public async Task A_client_whose_session_could_not_be_saved_while_Redis_was_frozen_is_recovered_afterwards_or_told()
    {
        var client = await JoinAsync(0, "room");
        await _hosts[1].Io.To("room").EmitAsync("first");
        await client.ReadAsync();
        _redis.Freeze();
        client.Cut();
        await _left.Reader.ReadAsync().AsTask().Soon();
        await Eventually.TrueAsync(() => LogOf(0).State != BusState.Alive && LogOf(1).State != BusState.Alive, "the logs did not notice");
        _redis.Thaw();
        await Eventually.TrueAsync(() => _hosts.All(host => host.Io.Cluster.State == BusState.Alive), "the logs did not come back");
        await _hosts[1].Io.To("room").EmitAsync("missed");

        await ReturnAsync(client, 1);

        Assert.True(client.Recovered);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task A_Redis_that_lost_everything_begins_new_sessions()
    {
        var client = await JoinAsync(0, "room");
        await _hosts[1].Io.To("room").EmitAsync("first");
        await client.ReadAsync();
        await _redis.KillAsync();
        await Eventually.TrueAsync(() => _hosts.All(host => LogOf(host).State != BusState.Alive), "the logs did not notice");
        await _redis.RunAsync();
        await Eventually.TrueAsync(() => _hosts.All(host => host.Io.Cluster.State == BusState.Alive), "the logs did not come back");
        client.Cut();
        await _left.Reader.ReadAsync().AsTask().Soon();

        await ReturnAsync(client, 1);

        Assert.False(client.Recovered);
        // The next session is like any other.
        await (await SocketAsync(client)).JoinAsync("room");
        await _hosts[0].Io.To("room").EmitAsync("second");
        await client.ReadAsync();
        await CutAsync(client);
        await _hosts[0].Io.To("room").EmitAsync("missed");
        await ReturnAsync(client, 0);
        Assert.True(client.Recovered);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Where_ids_began_anew_with_a_clock_that_was_set_back_nobody_is_recovered_without_what_was_missed(int server)
    {
        await _redis.ExecuteAsync("XADD", "socket.io", "9999999999999-5", "uid", "a", "nsp", "/", "type", "3", "data", """{"packet":{"type":2,"data":["far"]},"opts":{"rooms":[],"except":[],"flags":{}}}""");
        await Eventually.TrueAsync(() => _hosts.All(host => LogOf(host).ReadUpTo("/")?.Milliseconds == 9999999999999), "it is not read");
        await _redis.ExecuteAsync("DEL", "socket.io");
        await Eventually.TrueAsync(() => _hosts.All(host => LogOf(host).ReadUpTo("/") == EntryId.None), "the logs did not notice");
        var client = await JoinAsync(0, "room");
        await _hosts[1].Io.To("room").EmitAsync("first");
        Assert.Equal("""["first"]""", await client.ReadAsync());
        client.Cut();
        await _left.Reader.ReadAsync().AsTask().Soon();
        await _hosts[1].Io.To("room").EmitAsync("missed");
        await Eventually.TrueAsync(() => LogOf(1).Statistics.QueuedMessages == 0, "it is not written");

        await ReturnAsync(client, server);

        if (client.Recovered) Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    private static IClusterLog LogOf(TestHost host) => host.Services.GetRequiredService<SocketServer>().Options.Cluster!.Log!;

    private IClusterLog LogOf(int server) => LogOf(_hosts[server]);

    private async Task StartAsync() => _hosts.Add(await TestHost.StartAsync(
        io => io.OnConnected((ISocket socket) => { _joined.Writer.TryWrite(socket); }).OnDisconnected((LeaveReason reason) => { _left.Writer.TryWrite(reason); }),
        o => o.Recovery = new(),
        builder => builder.Services.AddSingleton(TimeProvider.System).AddSocketIO().AddRedisStreams(o =>
        {
            o.Configuration = _redis.Configuration;
            (o.ProbeInterval, o.ConnectTimeout, o.MaxRetryDelay) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(200));
        })));

    private RecoveringClient Create(int server)
    {
        var client = new RecoveringClient(_hosts[server]);
        _clients.Add(client);
        return client;
    }

    private async Task<RecoveringClient> JoinAsync(int server, string room)
    {
        var client = await Create(server).ConnectAsync();
        await (await SocketAsync(client)).JoinAsync(room);
        return client;
    }

    private async Task<ISocket> SocketAsync(RecoveringClient client)
    {
        while (true)
        {
            var socket = await _joined.Reader.ReadAsync().AsTask().Soon();
            if (socket.Id == client.Sid) return socket;
        }
    }

    // Until the session is where each server finds it.
    private async Task CutAsync(RecoveringClient client)
    {
        client.Cut();
        await _left.Reader.ReadAsync().AsTask().Soon();
        await Eventually.TrueAsync(async () => (long)await _redis.ExecuteAsync("EXISTS", "sio:session:" + client.Pid) == 1, "the session is not saved");
    }

    private async Task ReturnAsync(RecoveringClient client, int server)
    {
        client.Host = _hosts[server];
        await client.ConnectAsync();
    }
}
