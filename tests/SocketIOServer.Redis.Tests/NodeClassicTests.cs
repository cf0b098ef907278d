namespace SocketIOServer.Redis.Tests;

/// <summary>With a server of Node that has createAdapter.</summary>
[Trait("With", "Node")]
public sealed class NodeClassicTests(NodeClassicTests.Fixture fixture) : RedisNodeContract(fixture), IClassFixture<NodeClassicTests.Fixture>
{
    private readonly Fixture _fixture = fixture;

    [Fact]
    public async Task Every_server_hears_the_emitter()
    {
        await JoinAsync(2, 0, "a");
        await JoinAsync(0, 1, "a");
        await SettleAsync();

        await _fixture.Node.RunAsync(["emitter"], ["to", "a"], ["emit", "room", new byte[] { 7 }]);
        foreach (var text in (string[])["""451-["room",{"_placeholder":true,"num":0}]""", "b:07"]) await AssertGotAsync(text, 0, 1);
        await _fixture.Node.RunAsync(["emitter"], ["emit", "all", "é"]);
        await AssertGotAsync("""42["all","é"]""", 0, 1, 2);
        await _fixture.Node.RunAsync(["emitter"], ["in", "a"], ["disconnectSockets", false]);
        await AssertGotAsync("41", 0, 1);
    }

    public sealed class Fixture() : NodeFixture("classic");
}
