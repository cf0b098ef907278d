using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;
using SocketIOServer.Hosting;

namespace SocketIOServer.Redis.Tests.Python;

/// <summary>Servers of ours with a bridge to Python, over a bus in this process. The test speaks for Python.</summary>
public sealed class PythonBridgeTests : IAsyncLifetime
{
    private readonly InProcessBus _cluster = new();
    private readonly InProcessBus _python = new();
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly Channel<JsonElement> _published = Channel.CreateUnbounded<JsonElement>();
    private IClusterBus _peer = null!;

    public async ValueTask InitializeAsync()
    {
        _peer = Own(_python.Connect());
        await _peer.StartAsync(default);
        await _peer.Subscribe(new("socketio"), (_, bytes) => _published.Writer.TryWrite(JsonElement.Parse(bytes))).Ready;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned)) await owned.DisposeAsync();
    }

    [Fact]
    public async Task Each_event_goes_once_to_each_bus_whoever_sends_it()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        Client[] clients = [await JoinAsync(first), await JoinAsync(second)];

        await first.Io.EmitAsync("ours", 1);
        Publish("""{"method":"emit","event":"python","data":[2],"namespace":"/","host_id":"p"}""");
        await second.Io.EmitAsync("ours", 3);
        await second.Io.To(clients[0].Id).EmitAsync("end");

        foreach (var client in clients) Assert.Equal(["""42["ours",1]""", """42["ours",3]""", """42["python",2]"""], (await client.ReadAsync(3)).Order(StringComparer.Ordinal));
        Assert.Equal("""42["end"]""", await clients[0].ReadAsync());
        // Of the two servers, the one that emits tells Python; nobody says again what came from Python.
        Assert.Equal("1", (await NextAsync()).GetProperty("data")[0].GetRawText());
        Assert.Equal("python", (await NextAsync()).GetProperty("event").GetString());
        Assert.Equal("3", (await NextAsync()).GetProperty("data")[0].GetRawText());
        Assert.Equal("end", (await NextAsync()).GetProperty("event").GetString());
        Assert.False(_published.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Without_another_bus_servers_hear_each_other_as_Python_does()
    {
        var (first, second) = (await StartAsync(isAlone: true), await StartAsync(isAlone: true));
        var (here, there) = (await JoinAsync(first), await JoinAsync(second));

        await first.Io.To(there.Id).JoinAsync("a");
        await first.Io.To("a").EmitAsync("room", 1);
        Assert.Equal("""42["room",1]""", await there.ReadAsync());
        var asking = first.Io.To(there.Id).CallAsync<int>("who");
        await there.AnswerAsync("[7]");
        Assert.Equal(7, (await asking.WaitAsync(TestHost.Patience)).Replies[there.Id]);
        await first.Io.To(there.Id).LeaveAsync("a");
        await first.Io.To("a").EmitAsync("nobody");
        await first.Io.Local.EmitAsync("local");
        await first.Io.To(there.Id).DisconnectAsync();

        Assert.Equal("41", await there.ReadAsync());
        Assert.Equal("""42["local"]""", await here.ReadAsync());
        Assert.Equal(1, await first.Io.CountAsync());
    }

    [Fact]
    public async Task A_call_that_nobody_answers_ends_by_its_timeout()
    {
        var server = await StartAsync();

        var asking = server.Io.To("a-client-of-Python").CallAsync<int>("who", timeout: TimeSpan.FromSeconds(3));
        var callback = (await NextAsync()).GetProperty("callback");
        Assert.Equal(["a-client-of-Python", "/"], [callback[0].GetString()!, callback[1].GetString()!]);
        Assert.Equal(1, BridgeOf(server).Calls.Count);
        while (!asking.IsCompleted)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(["a-client-of-Python"], (await asking).Missing);
        Assert.Equal(0, BridgeOf(server).Calls.Count);
        // Too late.
        Publish($$"""{"method":"callback","host_id":"x","sid":"a-client-of-Python","namespace":"/","id":{{callback[2].GetRawText()}},"args":[1]}""");
    }

    [Fact]
    public async Task Answers_for_others_and_from_others_are_ignored()
    {
        var server = await StartAsync(isAlone: true);
        var asking = server.Io.To("sid").CallAsync<int>("who");
        var asked = await NextAsync();
        var (host, id) = (asked.GetProperty("host_id").GetString(), asked.GetProperty("callback")[2].GetRawText());

        foreach (var (to, sid, number) in (IEnumerable<(string?, string, string)>)[("x", "sid", id), (host, "other", id), (host, "sid", "999")])
            Publish($$"""{"method":"callback","host_id":"{{to}}","sid":"{{sid}}","namespace":"/","id":{{number}},"args":[1]}""");
        Publish($$"""{"method":"callback","host_id":"{{host}}","sid":"sid","namespace":"/","id":{{id}},"args":[2]}""");

        Assert.Equal([2], (await asking.WaitAsync(TestHost.Patience)).Replies.Values);
    }

    [Fact]
    public async Task What_is_malformed_is_counted_and_harms_nobody()
    {
        var server = await StartAsync();
        var client = await JoinAsync(server);

        byte[][] poison = [[], "{"u8.ToArray(), "null"u8.ToArray(), [0x80, 4, (byte)'N', (byte)'.'], """{"method":"emit","event":"e","data":[{"_placeholder":true,"num":0}]}"""u8.ToArray(), new byte[(10 << 20) + 1]];
        foreach (var bytes in poison) _peer.Publish("flask-socketio", bytes);
        // Not for a namespace that is here, and of a version to come: no faults.
        Publish("""{"method":"emit","event":"e","data":[],"namespace":"/elsewhere"}""");
        Publish("""{"method":"later"}""");
        Publish("""{"method":"emit","event":"next","data":[]}""");

        Assert.Equal("""42["next"]""", await client.ReadAsync());
        Assert.Equal(poison.Length, BridgeOf(server).Poisoned);
        Assert.Equal(86, Assert.Single(server.Log.Lines, entry => entry.Level >= LogLevel.Warning).Id.Id);
    }

    [Fact]
    public async Task What_Python_cannot_be_told_is_said_once()
    {
        var server = await StartAsync(options: o => o.DataForm = PythonDataForm.Bare);
        for (var i = 0; i < 2; i++)
        {
            await server.Io.JoinAsync("everybody");
            await server.Io.To("a").Except("b").DisconnectAsync();
            await server.Io.EmitAsync("binary", new byte[] { 1 });
            await server.Io.EmitAsync("two", 1, 2);
        }

        Assert.Equal("[1,2]", (await NextAsync()).GetProperty("data").GetRawText());
        Assert.Equal([87, 88, 88, 88], server.Log.Lines.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Id.Id).Order());
    }

    [Fact]
    public async Task A_bus_that_is_down_is_told_by_the_health_check_and_by_a_call()
    {
        var server = await StartAsync();
        await BridgeOf(server).Bus.DisposeAsync();

        var health = new SocketHealthCheck(server.Services.GetRequiredService<SocketServer>());
        var result = await health.CheckHealthAsync(new() { Registration = new("socketio", health, HealthStatus.Unhealthy, []) });
        var reply = await server.Io.To("sid").CallAsync<int>("who").WaitAsync(TestHost.Patience);

        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("python", result.Description, StringComparison.Ordinal);
        Assert.Equal(["python"], reply.MissingNodes);
    }

    [Fact]
    public async Task A_server_of_the_cluster_without_the_bridge_is_noticed()
    {
        var with = await StartAsync();
        var without = await StartAsync(hasBridge: false);

        foreach (var server in (TestHost[])[with, without]) await Eventually.TrueAsync(() => server.Log.Lines.Any(entry => entry.Id.Id == 85), () => "no warning");
        var health = new SocketHealthCheck(with.Services.GetRequiredService<SocketServer>());
        Assert.Equal(HealthStatus.Degraded, (await health.CheckHealthAsync(new() { Registration = new("socketio", health, HealthStatus.Unhealthy, []) })).Status);
    }

    private static PythonBridge BridgeOf(TestHost host) => (PythonBridge)Assert.Single(host.Services.GetRequiredService<SocketServer>().Options.Bridges);

    private T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private async Task<Client> JoinAsync(TestHost host) => Own(await Client.JoinAsync(host));

    private async Task<JsonElement> NextAsync() => await _published.Reader.ReadAsync().AsTask().WaitAsync(TestHost.Patience);

    private void Publish(string json) => _peer.Publish("socketio", Encoding.UTF8.GetBytes(json));

    private async Task<TestHost> StartAsync(bool isAlone = false, bool hasBridge = true, Action<PythonOptions>? options = null) => Own(await TestHost.StartAsync(build: builder =>
    {
        var io = builder.Services.AddSocketIO();
        if (!isAlone) io.AddClusterBus(_ => _cluster.Connect());
        var python = new PythonOptions();
        options?.Invoke(python);
        if (hasBridge) io.AddClusterBridge(services => new PythonBridge(_python.Connect(), python, services.GetRequiredService<ILoggerFactory>().CreateLogger("SocketIOServer")));
    }));
}
