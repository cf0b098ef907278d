using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NATS.Client.Core;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Nats.Tests;

/// <summary>Two servers that are one by AddNats, over a real NATS server.</summary>
public sealed class AddNatsTests(NatsFixture fixture) : IClassFixture<NatsFixture>, IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly string _prefix = $"test.{Guid.NewGuid():N}";

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned)) await owned.DisposeAsync();
    }

    [Fact]
    public async Task The_messages_are_those_that_the_documentation_shows()
    {
        var first = await StartAsync(io => io.AddNats(fixture.Nats.Url));
        var here = await JoinAsync(first);
        await using var listener = new NatsConnection(fixture.Nats.Opts);
        await using var sub = await listener.SubscribeCoreAsync<string>("socket.io._Lw.>");
        await listener.PingAsync();

        await first.Io.To("a").EmitAsync("news", 1, "é");
        var message = await sub.Msgs.ReadAsync().AsTask().WaitAsync(TestHost.Patience);
        await fixture.Nats.PublishAsync("socket.io._Lw._", """{"type":3,"data":{"packet":{"type":2,"data":["hi",1]},"opts":{"rooms":[],"except":[],"flags":{}}},"uid":"another","nsp":"/"}""");

        Assert.Equal("socket.io._Lw._", message.Subject);
        Assert.Matches(
            """^\{"type":3,"data":\{"packet":\{"type":2,"data":\["news",1,"é"\]\},"opts":\{"rooms":\["a"\],"except":\[\],"flags":\{\}\}\},"uid":"[0-9a-f]{16}","nsp":"/","n":\d+\}$""",
            message.Data);
        Assert.Equal("""42["hi",1]""", await here.ReadAsync());
    }

    [Fact]
    public async Task Settings_and_connections_among_the_services_are_used()
    {
        var first = await StartAsync(io =>
        {
            io.Services.AddSingleton<INatsConnection>(new NatsConnection(fixture.Nats.Opts));
            io.AddNats(Rooms);
        });
        var second = await StartAsync(io =>
        {
            io.Services.AddSingleton(fixture.Nats.Opts);
            io.AddNats(Rooms);
        });
        var third = await StartAsync(io => io.AddNats(o =>
        {
            o.Connection = fixture.Nats.Opts;
            Rooms(o);
        }));
        Client[] clients = [await JoinAsync(first), await JoinAsync(second), await JoinAsync(third)];
        TestHost[] hosts = [first, second, third];
        foreach (var host in hosts) await Eventually.TrueAsync(() => host.Io.Cluster.Nodes.Count == 3, () => $"{host.Io.Cluster.Nodes.Count} servers");

        foreach (var host in hosts) Assert.Equal(3, await host.Io.CountAsync());
        await first.Io.EmitAsync("all");

        foreach (var client in clients) Assert.Equal("""42["all"]""", await client.ReadAsync());

        void Rooms(NatsOptions options) => (options.Rooms, options.Prefix) = (RoomChannels.DynamicPrivate, _prefix);
    }

    [Fact]
    public async Task Poisoned_messages_harm_nobody()
    {
        var first = await StartAsync(io => io.AddNats(o => (o.Connection, o.Prefix) = (fixture.Nats.Opts, _prefix)));
        var here = await JoinAsync(first);

        foreach (var poison in (string[])["", "{", "nonsense", """{"type":3,"data":{"packet":{"type":2,"data":["e"]},"opts":{"rooms":7}},"uid":"x","nsp":"/"}""", """{"type":3,"data":{"packet":{"type":2,"data":["e"]},"opts":{}},"uid":"x","nsp":"/chat"}"""])
            await fixture.Nats.PublishAsync($"{_prefix}._Lw._", poison);
        await fixture.Nats.PublishAsync($"{_prefix}._Lw._", """{"type":3,"data":{"packet":{"type":2,"data":["next"]},"opts":{}},"uid":"x","nsp":"/"}""");

        Assert.Equal("""42["next"]""", await here.ReadAsync());
    }

    [Fact]
    public void A_wrong_address_is_refused_at_once_and_none_at_the_start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var io = builder.Services.AddSocketIO();

        Assert.Throws<ArgumentException>(() => io.AddNats(" "));
        Assert.Throws<ArgumentException>(() => io.AddNats("nats://127.0.0.1:4222,nats://a b"));
        io.AddNats();
        var exception = Assert.Throws<InvalidOperationException>(() => builder.Build().MapSocketIO());
        Assert.Contains("AddNats", exception.Message, StringComparison.Ordinal);
    }

    private async Task<TestHost> StartAsync(Action<ISocketServerBuilder> add)
    {
        var host = await TestHost.StartAsync(io => io.On("ping", () => { }), build: builder => add(builder.Services.AddSingleton(TimeProvider.System).AddSocketIO()));
        _owned.Add(host);
        await Eventually.TrueAsync(() => host.Io.Cluster.State == BusState.Alive, () => $"{host.Io.Cluster.State}");
        return host;
    }

    private async Task<Client> JoinAsync(TestHost host)
    {
        var client = await Client.JoinAsync(host);
        _owned.Add(client);
        return client;
    }
}
