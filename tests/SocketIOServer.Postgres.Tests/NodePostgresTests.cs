using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster.Tests.Node;

namespace SocketIOServer.Postgres.Tests;

/// <summary>With a server of Node that has @socket.io/postgres-adapter.</summary>
[Trait("With", "Node")]
public sealed class NodePostgresTests(NodePostgresTests.Fixture fixture) : NodeContract(fixture.Node), IClassFixture<NodePostgresTests.Fixture>
{
    protected override void Add(ISocketServerBuilder io) => io.AddPostgres(fixture.Server.ConnectionString(fixture.Database));

    // Servers of earlier tests have said goodbye to Node.
    protected override async Task WhenConnectedAsync()
    {
        foreach (var host in Hosts)
        {
            var adapter = host.Services.GetRequiredService<SocketServer>().Options.Cluster!;
            await Eventually.TrueAsync(() => adapter.InUse["/"].ForeignServers == 1 && adapter.Members.Count == 1, "a server of ours does not know the others");
        }

        while ((await Node.RunAsync(["of", "/"], ["adapter"], ["nodesMap"], ["size"])).GetInt32() != 2) await Task.Delay(5);
    }

    [Fact]
    public async Task Ours_hear_the_emitter_that_Nodes_adapter_does_not_hear()
    {
        await JoinAsync(0, 1, "a");
        await SettleAsync();

        await Node.RunAsync(["emitter"], ["to", "a"], ["emit", "room", new byte[] { 7 }]);
        foreach (var text in (string[])["""451-["room",{"_placeholder":true,"num":0}]""", "b:07"]) await AssertGotAsync(text, 1);
        await Node.RunAsync(["emitter"], ["emit", "all", "é"]);
        await AssertGotAsync("""42["all","é"]""", 0, 1);
        await Node.RunAsync(["emitter"], ["in", "a"], ["disconnectSockets", false]);
        await AssertGotAsync("41", 1);
        await EmitAsync(0, [], [], "end");
        await AssertGotAsync("""42["end"]""", 0, NodeJs);
    }

    [Theory]
    [InlineData(7998)]
    [InlineData(7999)]
    [InlineData(8000)]
    [InlineData(8001)]
    public async Task What_ours_send_arrives_whatever_its_length(int length)
    {
        var bare = """{"type":3,"data":{"packet":{"type":2,"data":["edge",""]},"opts":{"rooms":[],"except":[],"flags":{}}},"uid":"0123456789abcdef","nsp":"/","n":1}""".Length;
        for (var digits = 0; digits < 3; digits++)
        {
            var text = new string('y', length - bare - digits);
            await EmitAsync(0, [], [], "edge", text);
            await AssertGotAsync($"42[\"edge\",\"{text}\"]", 0, 1, NodeJs);
        }
    }

    [Fact]
    public async Task What_Node_sends_with_exactly_8000_bytes_is_lost_by_Node()
    {
        var bare = """{"type":3,"data":{"packet":{"type":2,"data":["edge",""]},"opts":{"rooms":[],"except":[],"flags":{}}},"uid":"0123456789abcdef","nsp":"/"}""".Length;

        await EmitAsync(NodeJs, [], [], "edge", new string('y', 8000 - bare));
        await EmitAsync(NodeJs, [], [], "edge", new string('y', 7999 - bare));
        await EmitAsync(NodeJs, [], [], "edge", new string('y', 8001 - bare));

        await AssertGotAsync($"42[\"edge\",\"{new string('y', 8000 - bare)}\"]", NodeJs);
        foreach (var length in (int[])[7999, 8001]) await AssertGotAsync($"42[\"edge\",\"{new string('y', length - bare)}\"]", 0, 1, NodeJs);
        Assert.Equal("""["payload string too long"]""", (await Node.RunAsync(["failed"])).GetRawText());
    }

    [Fact]
    public async Task A_name_that_is_too_long_for_a_channel_is_alone_in_Node_and_refused_by_ours()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => TestHost.StartAsync(io => io.Of("/" + new string('x', 53)), build: builder => Add(builder.Services.AddSocketIO())));

        Assert.Contains("too long", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_one_of_many_equal_events_arrives()
    {
        for (var i = 0; i < 100; i++) await EmitAsync(0, [], [], "same");

        foreach (var client in Clients) Assert.All(await client.ReadAsync(100), text => Assert.Equal("""42["same"]""", text));
        await AssertNothingElseAsync();
    }

    public sealed class Fixture(PostgresServer server) : IAsyncLifetime
    {
        public PostgresServer Server => server;

        public string Database { get; private set; } = "";

        public NodeServer Node { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Database = await server.CreateDatabaseAsync();
            // Node's table, as its README makes it; ours use it as it is.
            await server.ExecuteAsync(Database, "CREATE TABLE socket_io_attachments (id bigserial UNIQUE, created_at timestamptz DEFAULT NOW(), payload bytea)");
            Node = await NodeServer.StartAsync(server.Url(Database), "postgres");
        }

        public ValueTask DisposeAsync() => Node.DisposeAsync();
    }
}
