using System.Text.Json.Nodes;

namespace SocketIOServer.Tests.Recovery;

/// <summary>What a client has missed, and how much may be queued for it.</summary>
public sealed class RecoveryQueueTests
{
    private const int MaxQueuedBytes = 20_000;

    [Fact]
    public async Task A_replay_that_leaves_no_room_for_the_connect_packet_does_not_close_the_connection()
    {
        await using var stage = await RecoveryStage.StartAsync(options: options => options.MaxQueuedBytes = MaxQueuedBytes);
        var (client, _) = await stage.JoinAsync();
        // With what the queue counts beside the bytes of a message.
        var sizeOfEvent = """42["x","",""]""".Length + 14 + 64;
        await stage.CutAsync(client);
        for (var i = 0; i < 10; i++) await stage.Io.EmitAsync("x", new string('y', (MaxQueuedBytes / 10) - sizeOfEvent));

        await stage.ReturnAsync(client);

        Assert.False(client.Recovered);
        await client.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task Replays_of_two_namespaces_that_do_not_fit_into_the_queue_together_follow_each_other()
    {
        await using var stage = await StartAsync();
        var pids = await LeaveAsync(await PollingClient.ConnectAsync(stage.Host));
        await EmitAsync(stage);

        var client = await PollingClient.ConnectAsync(stage.Host);
        await client.PostAsync(Connect(pids));
        var packets = await ReadAsync(client, 26);

        Assert.Equal(pids, PidsOf(packets));
        Assert.Equal(24, packets.Count(packet => packet.StartsWith("42", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_client_that_does_not_read_the_first_replay_begins_a_new_session_in_the_second_namespace()
    {
        await using var stage = await StartAsync();
        var pids = await LeaveAsync(await PollingClient.ConnectAsync(stage.Host));
        await EmitAsync(stage);

        var client = await PollingClient.ConnectAsync(stage.Host);
        await client.PostAsync(Connect(pids));
        await stage.NextSocketAsync();
        stage.Host.Time.Advance(TimeSpan.FromSeconds(6));
        await stage.NextSocketAsync();
        var packets = await ReadAsync(client, 14);

        Assert.Equal(pids[0], PidsOf(packets)[0]);
        Assert.NotEqual(pids[1], PidsOf(packets)[1]);
        Assert.Equal(12, packets.Count(packet => packet.StartsWith("42", StringComparison.Ordinal)));
    }

    private static Task<RecoveryStage> StartAsync() => RecoveryStage.StartAsync(options: options => options.MaxQueuedBytes = MaxQueuedBytes);

    private static async Task EmitAsync(RecoveryStage stage)
    {
        foreach (var name in new[] { "/", "/chat" })
        {
            for (var i = 0; i < 12; i++) await stage.Io.Of(name).EmitAsync("x", new string('y', 1000));
        }

        // Those of the connection before.
        for (var i = 0; i < 2; i++) await stage.NextSocketAsync();
    }

    private static string Connect(string[] pids) => $$"""40{"pid":"{{pids[0]}}"}""" + '\u001e' + $$"""40/chat,{"pid":"{{pids[1]}}"}""";

    private static async Task<string[]> LeaveAsync(PollingClient client)
    {
        await client.PostAsync("40\u001e40/chat,");
        var pids = PidsOf(await ReadAsync(client, 2));
        // The close packet of a client counts as a connection that breaks.
        await client.PostAsync("1");
        return pids;
    }

    private static async Task<List<string>> ReadAsync(PollingClient client, int count)
    {
        List<string> packets = [];
        while (packets.Count < count) packets.AddRange((await client.PollAsync()).Split('\u001e'));
        return packets;
    }

    // Of "/" and "/chat".
    private static string[] PidsOf(List<string> packets) =>
        [.. packets.Where(packet => packet.StartsWith("40", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Reverse().Select(packet => (string)JsonNode.Parse(packet[packet.IndexOf('{', StringComparison.Ordinal)..])!["pid"]!)];
}
