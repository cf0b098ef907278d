using System.Text;
using System.Text.Json;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>Two servers of Node with the classic adapter: their answers do not say who they are from.</summary>
public sealed class UnnamedAnswerTests : ThreeServers
{
    private protected override ClusterWire CreateWire() => new ClassicWire();

    [Fact]
    public async Task Each_answer_to_a_server_event_has_a_key_of_its_own()
    {
        await StartNodeAsync("1");
        await StartNodeAsync("2");

        var reply = await First.Cluster.CallAsync<int>("ping").Soon();

        Assert.Equal(["/1", "/2"], reply.Replies.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([1, 2], reply.Replies.Values.Order());
        Assert.Equal(["server-1", "server-2"], reply.MissingNodes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_answer_of_another_type_is_missing_by_that_key()
    {
        await StartNodeAsync("1");
        await StartNodeAsync("\"two\"");

        var reply = await First.Cluster.CallAsync<int>("ping").Soon();

        Assert.Equal(1, Assert.Single(reply.Replies).Value);
        Assert.Equal(["/1", "/2"], reply.Replies.Keys.Concat(reply.MissingNodes.Where(static name => name.StartsWith('/'))).Order(StringComparer.Ordinal));
    }

    private async Task StartNodeAsync(string answer)
    {
        var bus = Medium.Connect();
        await bus.StartAsync(default);
        bus.Subscribe(new("socket.io-request#/#"), (_, bytes) =>
        {
            using var message = JsonDocument.Parse(bytes.ToArray());
            if (message.RootElement.GetProperty("type").GetInt32() != 6) return;
            var id = message.RootElement.GetProperty("requestId").GetString();
            bus.Publish("socket.io-response#/#", Encoding.UTF8.GetBytes($$"""{"type":6,"requestId":"{{id}}","data":{{answer}}}"""));
        });
    }
}
