using System.Text;
using System.Text.Json;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A server of another kind, such as Node's, on the bus: it answers without our keys, knows no types from 100 on, and tells nobody that it is there.</summary>
public sealed class ForeignServerTests : ThreeServers
{
    private const string Sockets =
        """
        "sockets":[{"id":"QDdz9lp0qyl9bsSNAAAA","handshake":{"headers":{},"issued":1795235372528,"url":"/socket.io/","query":{},"auth":{}},"rooms":["QDdz9lp0qyl9bsSNAAAA","room1"],"data":{"score":1}}]
        """;

    private const string Uid = "cfc7b6d8ac39fb93";

    private readonly List<string> _heard = [];
    private bool _isMute;

    [Fact]
    public async Task Its_sockets_are_fetched_and_counted_and_its_rooms_known()
    {
        await StartForeignAsync();

        var fetched = await First.FetchSocketsAsync().Soon();

        Assert.Equal(4, fetched.Count);
        Assert.Empty(fetched.MissingNodes);
        var foreign = Assert.Single(fetched, socket => socket.Id == "QDdz9lp0qyl9bsSNAAAA");
        Assert.Null(foreign.NodeId);
        Assert.Equal(1, foreign.Data.Get<int>("score"));
        Assert.Equal(4, await First.CountAsync().Soon());
        Assert.Equal(["room1"], await First.RoomsAsync().Soon());
        // Ours do not describe their sockets for that.
        Assert.Equal([8, 103, 101], Buses[1].Published.Select(static one => JsonDocument.Parse(one.Text).RootElement).Where(static one => one.TryGetProperty("type", out _)).Select(static one => one.GetProperty("type").GetInt32()));
    }

    [Fact]
    public async Task Its_acks_have_no_ids_and_are_complete_when_as_many_came_as_it_has_counted()
    {
        await StartForeignAsync();

        var asking = First.CallAsync<string>("who");
        foreach (var client in Clients) await client.AnswerAsync("""["ours"]""");
        var reply = await asking.Soon();

        Assert.Equal(["ack-1", "ack-2"], reply.Replies.Where(answer => answer.Key.StartsWith(Uid + "/", StringComparison.Ordinal)).Select(answer => answer.Value).Order(StringComparer.Ordinal));
        Assert.Equal(5, reply.Replies.Count);
        Assert.Empty(reply.Missing);
    }

    [Fact]
    public async Task Its_answer_to_a_server_event_has_its_uid()
    {
        await StartForeignAsync();

        var reply = await First.Cluster.CallAsync<string>("ping").Soon();

        Assert.Equal("pong", reply.Replies[Uid]);
    }

    [Fact]
    public async Task When_it_is_mute_it_is_missing_without_a_name()
    {
        await StartForeignAsync();
        _isMute = true;

        var fetching = First.FetchSocketsAsync();
        await Eventually.TrueAsync(() => Servers[0].Adapter().Answers == 2, "both of ours have answered");
        Advance(5000);

        Assert.Equal(["node.js (unnamed)"], (await fetching.Soon()).MissingNodes);
    }

    [Fact]
    public async Task It_is_asked_in_its_words()
    {
        await StartForeignAsync();

        await First.EmitAsync("hi", 1);
        await First.To("room1").Except("x").JoinAsync("r9");
        await First.DisconnectAsync(close: true);

        var sender = Servers[0].Node.Sender;
        Assert.Equal(
            [
                $$$$"""{"type":3,"data":{"packet":{"type":2,"data":["hi",1]},"opts":{"rooms":[],"except":[],"flags":{}}},"uid":"{{{{sender}}}}","nsp":"/","n":1}""",
                $$$"""{"type":4,"data":{"opts":{"rooms":["room1"],"except":["x"],"flags":{}},"rooms":["r9"]},"uid":"{{{sender}}}","nsp":"/","n":2}""",
                $$$"""{"type":6,"data":{"opts":{"rooms":[],"except":[],"flags":{}},"close":true},"uid":"{{{sender}}}","nsp":"/","n":3}""",
            ],
            _heard);
    }

    private async Task StartForeignAsync()
    {
        var bus = Medium.Connect();
        await bus.StartAsync(default);
        bus.Subscribe(new("socket.io#/#"), (_, bytes) =>
        {
            _heard.Add(Encoding.UTF8.GetString(bytes));
            using var message = JsonDocument.Parse(bytes.ToArray());
            if (_isMute || !message.RootElement.TryGetProperty("data", out var data) || !data.TryGetProperty("requestId", out var id)) return;
            var asker = message.RootElement.GetProperty("uid").GetString();
            foreach (var (type, answer) in AnswersTo(message.RootElement.GetProperty("type").GetInt32()))
            {
                bus.Publish($"socket.io#/#{asker}#", Encoding.UTF8.GetBytes($$"""{"type":{{type}},"data":{"requestId":"{{id}}",{{answer}}},"uid":"{{Uid}}","nsp":"/"}"""));
            }
        });
    }

    private static IEnumerable<(int Type, string Answer)> AnswersTo(int type) => type switch
    {
        3 => [(11, "\"clientCount\":2"), (12, "\"packet\":\"ack-1\""), (12, "\"packet\":\"ack-2\"")],
        7 => [(8, Sockets)],
        9 => [(10, "\"packet\":\"pong\"")],
        _ => [],
    };
}
