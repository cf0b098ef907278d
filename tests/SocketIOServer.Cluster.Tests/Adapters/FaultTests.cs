using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SocketIOServer.Recovery;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A bus that is down, servers that are mute, dead or of another kind, and messages that are none.</summary>
public sealed class FaultTests : ThreeServers
{
    [Fact]
    public async Task While_the_bus_is_down_local_clients_are_served_without_error_and_what_is_lost_is_counted()
    {
        Buses[0].IsDown = true;

        for (var i = 0; i < 10; i++) await First.EmitAsync("news", i);
        await First.JoinAsync("a");
        await First.Cluster.EmitAsync("lost");

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"42[\"news\",{i}]"), await Clients[0].ReadAsync(10));
        Assert.Equal(12, Buses[0].Statistics.Dropped);
        Assert.Equal(BusState.Down, First.Cluster.State);
        var health = await Servers[0].CheckHealthAsync();
        Assert.Equal((HealthStatus.Degraded, "Down"), (health.Status, health.Data["cluster"]));
    }

    [Fact]
    public async Task While_the_bus_is_down_questions_end_at_once_and_name_those_that_were_not_asked()
    {
        Buses[0].IsDown = true;

        var fetched = await First.FetchSocketsAsync().Soon();
        var count = await First.CountAsync().Soon();
        var reply = First.CallAsync<int>("who");
        await Clients[0].AnswerAsync("[1]");

        Assert.Equal([Clients[0].Id], fetched.Select(socket => socket.Id));
        Assert.Equal(["server-1", "server-2"], fetched.MissingNodes.Order(StringComparer.Ordinal));
        Assert.Equal(1, count);
        var counted = await First.CountSocketsAsync().Soon();
        Assert.Equal((1, 2), (counted.Count, counted.MissingNodes.Count));
        Assert.Empty((await First.Local.CountSocketsAsync()).MissingNodes);
        Assert.Equal([1], (await reply.Soon()).Replies.Values);
        Assert.Equal(2, (await reply).MissingNodes.Count);
        Assert.Equal(0, Servers[0].Adapter().OpenQuestions);
    }

    [Fact]
    public async Task After_an_outage_events_arrive_again_the_gap_is_seen_and_nobody_was_declared_dead()
    {
        await First.EmitAsync("before");
        Buses[0].IsDown = true;
        Advance(10_000);
        await First.EmitAsync("lost");
        await First.EmitAsync("lost");
        Assert.Equal(3, First.Cluster.Nodes.Count);

        Buses[0].IsDown = false;
        await First.EmitAsync("after");

        Assert.Equal(["""42["before"]""", """42["after"]"""], await Clients[1].ReadAsync(2));
        Assert.Equal(2, Servers[1].Node.Gaps);
        Assert.Equal(3, First.Cluster.Nodes.Count);
        Assert.Equal(3, Servers[1].Io.Cluster.Nodes.Count);
        Assert.Equal(HealthStatus.Healthy, (await Servers[0].CheckHealthAsync()).Status);
    }

    [Fact]
    public async Task A_mute_server_is_waited_for_until_the_deadline_and_named()
    {
        Buses[2].IsFrozen = true;
        var fetching = First.FetchSocketsAsync();
        var counting = First.CountAsync();
        var rooms = First.RoomsAsync();
        var calling = First.Cluster.CallAsync<int>("nobody handles it");

        // One server has answered the first three; the last has no handler.
        await Eventually.TrueAsync(() => Servers[0].Adapter().Answers == 3, "the other server has answered");
        Advance(4500);
        Assert.False(fetching.IsCompleted || counting.IsCompleted || rooms.IsCompleted || calling.IsCompleted);
        Advance(500);

        var fetched = await fetching.Soon();
        Assert.Equal(new[] { Clients[0].Id, Clients[1].Id }.Order(StringComparer.Ordinal), fetched.Select(socket => socket.Id).Order(StringComparer.Ordinal));
        Assert.Equal(["server-2"], fetched.MissingNodes);
        Assert.Equal(2, await counting.Soon());
        Assert.Empty(await rooms.Soon());
        Assert.Equal(["server-1", "server-2"], (await calling.Soon()).MissingNodes.Order(StringComparer.Ordinal));
        Assert.Equal(0, Servers[0].Adapter().OpenQuestions);
    }

    [Fact]
    public async Task Clients_that_ask_for_their_sessions_leave_room_for_the_questions_of_the_program()
    {
        Buses[2].IsFrozen = true;
        var owners = Servers[0].Adapter();
        var taken = Enumerable.Range(0, 1500).Select(i => owners.TakeAsync(new($"session {i}", null, false), null)).ToArray();

        var fetching = First.FetchSocketsAsync();
        await Eventually.TrueAsync(() => Servers[0].Adapter().Answers == 1, "the other server has answered");
        Advance(5000);

        Assert.Equal(["server-2"], (await fetching.Soon()).MissingNodes);
        Assert.All(await Task.WhenAll(taken).Soon(), result => Assert.Equal(RecoveryFailure.NoAnswer, result.Failure));
        Assert.Equal(0, Servers[0].Adapter().OpenQuestions);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/any-unused")]
    public async Task An_engine_that_does_not_answer_is_waited_for_until_the_deadline(string name)
    {
        // The engine may still count it.
        Buses[2].IsFrozen = true;
        Advance(6500);
        Assert.Equal(2, First.Cluster.Nodes.Count);
        (Buses[0].IsSilent, Buses[1].IsFrozen) = (true, true);

        var fetching = First.Of(name).FetchSocketsAsync();
        var calling = First.Of(name).Except(Clients[0].Id).CallAsync<int>("who", timeout: TimeSpan.FromSeconds(5));
        Advance(5000);

        Assert.Equal(["server-1"], (await fetching.Soon()).MissingNodes);
        Assert.Equal(["server-1"], (await calling.Soon()).MissingNodes);
    }

    [Fact]
    public async Task A_mute_server_is_named_in_the_reply_to_a_broadcast_and_the_others_answers_are_there()
    {
        Buses[2].IsFrozen = true;
        var asking = First.CallAsync<int>("who", timeout: TimeSpan.FromSeconds(2));
        for (var i = 0; i < 2; i++)
        {
            await Clients[i].AnswerAsync($"[{i}]");
            await HandledAsync(Clients[i]);
        }

        Advance(1500);
        Assert.False(asking.IsCompleted);
        Advance(500);

        var reply = await asking.Soon();
        Assert.Equal([0, 1], reply.Replies.Values.Order());
        Assert.Empty(reply.Missing);
        Assert.Equal(["server-2"], reply.MissingNodes);
        Assert.Equal(0, Servers[0].Adapter().OpenQuestions);
    }

    [Fact]
    public async Task An_ack_without_a_limit_is_waited_for_on_other_servers_too()
    {
        var asking = First.Except(Clients[0].Id, Clients[2].Id).CallAsync<int>("who", timeout: Timeout.InfiniteTimeSpan);
        Advance(40_000);

        await Clients[1].AnswerAsync("[1]");

        Assert.Equal([1], (await asking.Soon()).Replies.Values);
    }

    [Fact]
    public async Task Each_entry_is_the_name_of_one_server_even_if_nobody_knows_which_of_them_have_the_namespace()
    {
        await using var any = await Servers[1].JoinAsync("/any");
        foreach (var bus in Buses[1..]) bus.IsFrozen = true;

        var fetching = First.Of("/any").FetchSocketsAsync();
        Advance(5000);

        Assert.Equal(["server-1", "server-2"], (await fetching.Soon()).MissingNodes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_silent_for_six_seconds_is_gone_and_not_waited_for()
    {
        Buses[2].IsFrozen = true;
        Advance(5500);
        Assert.Equal(3, First.Cluster.Nodes.Count);
        Advance(500);

        Assert.Equal(["server-0", "server-1"], First.Cluster.Nodes.Select(node => node.Name));
        // The engine counts its subscription as before.
        var fetched = await First.FetchSocketsAsync().Soon();
        Assert.Equal(2, fetched.Count);
        Assert.Empty(fetched.MissingNodes);
        Assert.Equal(2, await First.CountAsync().Soon());
        Assert.Contains(Servers[0].Host.Log.Lines, line => line.Id.Id == 48);

        Buses[2].IsFrozen = false;
        Advance(2000);
        Assert.Equal(3, First.Cluster.Nodes.Count);
        Assert.Equal(3, (await First.FetchSocketsAsync().Soon()).Count);
    }

    [Fact]
    public async Task A_server_that_dies_while_it_is_asked_is_named_and_not_waited_for()
    {
        Advance(1500);
        Buses[2].IsFrozen = true;
        Advance(4000);
        var fetching = First.FetchSocketsAsync();
        await Eventually.TrueAsync(() => Servers[0].Adapter().Answers == 1, "the other server has answered");
        Assert.False(fetching.IsCompleted);

        Advance(2000);

        Assert.Equal(["server-2"], (await fetching.Soon()).MissingNodes);
    }

    [Fact]
    public async Task A_server_whose_connection_has_ended_is_named_until_it_counts_as_gone()
    {
        // The engine no longer counts it, as a process that was killed, or one that the engine has cut off and that still has clients.
        await Buses[2].LoseAsync();

        var fetching = First.FetchSocketsAsync();
        var calling = First.CallAsync<int>("who", timeout: TimeSpan.FromSeconds(3));
        for (var i = 0; i < 2; i++) await Clients[i].AnswerAsync($"[{i}]");
        await Eventually.TrueAsync(() => Servers[0].Adapter().Answers == 1, "the other server has answered");
        for (var i = 0; i < 2; i++) await HandledAsync(Clients[i]);
        Assert.False(fetching.IsCompleted || calling.IsCompleted);
        Advance(5000);

        Assert.Equal(["server-2"], (await fetching.Soon()).MissingNodes);
        Assert.Equal(2, (await fetching).Count);
        Assert.Equal(["server-2"], (await calling.Soon()).MissingNodes);
        Assert.Equal([0, 1], (await calling).Replies.Values.Order());
        Advance(1000);
        Assert.Empty((await First.FetchSocketsAsync().Soon()).MissingNodes);
        Assert.Equal(0, Servers[0].Adapter().OpenQuestions);
        // The engine does not count it, so nothing is remembered of it.
        Assert.Equal(0, Servers[0].Node.Members.DeadCount);
    }

    [Fact]
    public async Task Where_only_some_have_a_namespace_in_use_the_others_say_so_and_are_not_waited_for()
    {
        await using var any = await Servers[1].JoinAsync("/any");

        var fetched = await First.Of("/any").FetchSocketsAsync().Soon();

        Assert.Equal([any.Id], fetched.Select(socket => socket.Id));
        Assert.Empty(fetched.MissingNodes);
    }

    [Fact]
    public async Task A_server_that_stops_says_goodbye()
    {
        await Clients[2].DisposeAsync();
        await Servers[2].DisposeAsync();

        Assert.Equal(["server-0", "server-1"], First.Cluster.Nodes.Select(node => node.Name));
        var fetched = await First.FetchSocketsAsync().Soon();
        Assert.Equal(2, fetched.Count);
        Assert.Empty(fetched.MissingNodes);
        Assert.Equal(0, Buses[2].Subscriptions);
        Clients.RemoveAt(2);
        Servers.RemoveAt(2);
    }

    [Fact]
    public async Task A_server_without_an_engine_that_counts_still_ends_the_wait_for_dynamic_namespaces_that_others_do_not_have()
    {
        foreach (var bus in Buses) bus.Counts = false;
        await using var any = await Servers[1].JoinAsync("/any");

        var fetched = await First.Of("/any").FetchSocketsAsync().Soon();

        Assert.Equal([any.Id], fetched.Select(socket => socket.Id));
        Assert.Empty(fetched.MissingNodes);
    }

    [Fact]
    public async Task Poisoned_messages_on_every_channel_are_counted_and_hurt_nobody()
    {
        string[] poison =
        [
            "", "{", "[]", "null", "\"\"", "{}", """{"t":1}""", """{"t":"beat"}""", """{"t":"beat","uid":[]}""", """{"type":8}""", new('[', 10_000), """{"type":12,"data":{"requestId":"1","packet":1},"uid":1}""",
            """{"type":3,"data":{"packet":{"type":2,"data":["e"]},"opts":{}},"uid":"x","nsp":"/other"}""", """{"type":11,"data":{"requestId":"1","clientCount":2000000000},"uid":"x","nsp":"/"}""",
        ];
        string[] channels = ["socket.io#/#", $"socket.io#/#{Servers[1].Node.Sender}#", "socket.io-nodes#"];
        var attacker = Medium.Connect();
        await attacker.StartAsync(default);
        foreach (var channel in channels)
        {
            foreach (var text in poison) attacker.Publish(channel, Encoding.UTF8.GetBytes(text));
        }

        await First.EmitAsync("next");

        Assert.Equal("""42["next"]""", await Clients[1].ReadAsync());
        Assert.Equal(3, (await First.FetchSocketsAsync().Soon()).Count);
        Assert.InRange(Servers[1].Node.Poisoned, 3 * poison.Length - 4, 3 * poison.Length);
        Assert.DoesNotContain(Servers[1].Host.Log.Lines, line => line.Level >= LogLevel.Error);
        Assert.Equal(3, First.Cluster.Nodes.Count);
    }

    [Fact]
    public async Task A_server_with_another_wire_is_an_error_in_the_log_and_degrades_the_health()
    {
        await using (await Server.StartAsync(Medium.Connect(), () => new JsonWire(rooms: RoomChannels.Dynamic)))
        {
            Assert.Contains(Servers[0].Host.Log.Lines, line => line is { Id.Id: 49, Level: LogLevel.Error });
            Assert.Equal(HealthStatus.Degraded, (await Servers[0].CheckHealthAsync()).Status);
        }

        Assert.Equal(HealthStatus.Healthy, (await Servers[0].CheckHealthAsync()).Status);
    }

    [Fact]
    public async Task What_a_handler_of_the_cluster_throws_is_logged_and_the_next_event_is_handled()
    {
        await First.Cluster.EmitAsync("fail");
        await First.Cluster.EmitAsync("wrong", "no number");
        var next = await First.Cluster.CallAsync<string>("next");

        Assert.Equal(["next", "next"], next.Replies.Values);
        await Eventually.TrueAsync(() => Servers[1].Host.Log.Lines.Count(line => line.Level == LogLevel.Error) == 2, "two errors");
    }

    private protected override void Map(SocketEndpointBuilder io) => io
        .OnCluster("fail", void () => throw new InvalidOperationException("the handler's own"))
        .OnCluster("wrong", (int number) => { })
        .OnCluster("next", () => "next");
}
