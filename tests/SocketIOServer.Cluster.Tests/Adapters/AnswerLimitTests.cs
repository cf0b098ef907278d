namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>How much a server keeps of what others answer. There is room for one of the two answers.</summary>
public sealed class AnswerLimitTests : IAsyncLifetime
{
    private readonly InProcessBus _bus = new();
    private Server _asker = null!;
    private Server[] _others = null!;

    public async ValueTask InitializeAsync()
    {
        _asker = await Server.StartAsync(_bus.Connect(), cluster: static o => o.MaxAnswerBytes = 3000);
        _others = [await StartAsync("a"), await StartAsync("b")];
    }

    public async ValueTask DisposeAsync()
    {
        await _asker.DisposeAsync();
        foreach (var server in _others) await server.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_for_which_there_is_no_room_is_missing_and_the_next_question_has_room_again()
    {
        for (var i = 0; i < 3; i++)
        {
            var reply = await _asker.Io.Cluster.CallAsync<string>("large").Soon();

            Assert.Equal([new string('x', 2000)], reply.Replies.Values);
            Assert.Single(reply.MissingNodes);
            Assert.Equal(0, _asker.Node.Answers.Taken);
        }
    }

    [Fact]
    public async Task An_ack_for_which_there_is_no_room_did_not_come()
    {
        await using var first = await _others[0].JoinAsync();
        await using var second = await _others[1].JoinAsync();

        var asking = _asker.Io.CallAsync<string>("who");
        await first.AnswerAsync($"[\"{new string('x', 2000)}\"]");
        await second.AnswerAsync($"[\"{new string('x', 2000)}\"]");
        var reply = await asking.Soon();

        Assert.Single(reply.Replies);
        Assert.Single(reply.Missing);
        Assert.Equal(0, _asker.Node.Answers.Taken);
    }

    private async Task<Server> StartAsync(string name) =>
        await Server.StartAsync(_bus.Connect(), map: static io => io.OnCluster("large", static () => new string('x', 2000)), cluster: o => o.NodeName = name);
}
