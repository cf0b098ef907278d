using System.Net.Http.Json;
using System.Text.Json;
using Chat.Accounts;
using Chat.Messages;
using Chat.Presence;
using Chat.Rooms;
using SocketIOServer.Cluster.Tests.Adapters;
using SocketIOServer.Testing;
using static Chat.Tests.Asking;

namespace Chat.Tests;

/// <summary>The chat on two nodes, which share a database and a bus. Ada is on the first one and has made a room, tea.</summary>
public sealed class ClusterTests(PostgresServer server) : IAsyncLifetime
{
    private readonly FakeClock _clock = new(DateTimeOffset.UtcNow);
    private readonly List<FaultyBus> _buses = [];
    private readonly List<ChatProgram> _nodes = [];
    private readonly List<SocketIOTestClient> _clients = [];
    private User _bob = null!;
    private SocketIOTestClient _ada = null!;
    private Room _tea = null!;

    private ChatProgram First => _nodes[0];

    private ChatProgram Second => _nodes[1];

    public async ValueTask InitializeAsync()
    {
        var medium = new InProcessBus();
        var database = server.ConnectionString(await server.CreateDatabaseAsync());
        for (var i = 0; i < 2; i++)
        {
            _buses.Add(new(medium.Connect()));
            _nodes.Add(await ChatProgram.StartNodeAsync(_buses[i], _clock, $"--Chat:Postgres={database}"));
        }

        _ada = await ConnectAsync(First, "/rooms", await First.AddUserAsync("Ada"));
        _tea = await _ada.CallAsync<Room>("create", "tea");
        await _ada.NextAsync("status");   // that she has entered herself
        _bob = await First.AddUserAsync("Bob");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task What_is_said_in_a_room_is_heard_on_both_nodes_and_stored_once()
    {
        var bob = await MemberAsync(Second);

        var acked = await _ada.CallAsync<Message>("message", _tea.Id, Draft("to the other node"));
        var answered = await bob.CallAsync<Message>("message", _tea.Id, Draft("and back"));

        Assert.Equal(acked, await bob.NextAsync<Message>("message"));
        Assert.Equal(answered, await _ada.NextAsync<Message>("message"));
        Assert.Equal([answered, acked], (await bob.CallAsync<HistoryPage>("history", _tea.Id)).Messages);
    }

    [Fact]
    public async Task A_message_that_is_sent_again_to_another_node_is_stored_once_and_told_once()
    {
        var bob = await MemberAsync(Second);
        var again = await ConnectAsync(Second, "/rooms", await First.FindAsync("Ada"));
        var key = NewKey();

        var first = await _ada.CallAsync<Message>("message", _tea.Id, Draft("once"), key);
        var second = await again.CallAsync<Message>("message", _tea.Id, Draft("once"), key);

        Assert.Equal(first, second);
        Assert.Equal([first], (await bob.CallAsync<HistoryPage>("history", _tea.Id)).Messages);
        Assert.Single(bob.Received, received => received.Name == "message");
    }

    [Fact]
    public async Task A_private_message_whose_node_died_after_the_commit_is_delivered_when_it_is_sent_again()
    {
        var ada = await First.FindAsync("Ada");
        var tab = await ConnectAsync(Second, "/private", ada);
        var bob = await ConnectAsync(Second, "/private", _bob);
        bob.On("messages", _ => true);
        var key = NewKey();
        var stored = (await First.Store.Private.AddAsync(new(key, 0, ada.Id, "Ada", "nearly lost", null), _bob.Id)).OrRefuse().Message;

        Assert.Equal(stored, await tab.CallAsync<Message>("message", _bob.Id, Draft("nearly lost"), key));

        Assert.Equal([stored], await bob.NextAsync<Message[]>("messages"));
        Assert.Equal(stored.Id, (await tab.NextAsync("delivered")).Arguments.Get<long[]>(1).Single());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_are_told_to_load_anew_and_get_what_waits_when_events_were_lost(bool isOutage)
    {
        var bob = await ConnectAsync(First, "/private", _bob);
        bob.On("messages", _ => true);
        var ada = await First.FindAsync("Ada");
        _buses[1].IsDown = isOutage;
        _buses[1].IsFrozen = !isOutage;
        await AdvanceAsync(seconds: 5);
        var stored = (await Second.Store.Private.AddAsync(new(NewKey(), 0, ada.Id, "Ada", "nearly lost", null), _bob.Id)).OrRefuse().Message;
        Assert.DoesNotContain(_ada.Received, received => received.Name == MissedEvents.Missed);

        _buses[1].IsDown = false;
        var told = Task.WhenAll(_ada.NextAsync(MissedEvents.Missed), bob.NextAsync(MissedEvents.Missed));
        var delivered = bob.NextAsync<Message[]>("messages");
        while (!told.IsCompleted || !delivered.IsCompleted) await AdvanceAsync(seconds: 1);

        await told;
        Assert.Equal([stored], await delivered);
    }

    [Fact]
    public async Task Pages_are_not_told_to_load_anew_when_a_node_has_stopped()
    {
        var node = Second.Io.Cluster.NodeId;
        await Second.Of<MissedEvents>().StopAsync(default);
        _buses[1].IsFrozen = true;

        for (var end = Environment.TickCount64 + (long)TestHost.Patience.TotalMilliseconds; First.Io.Cluster.Nodes.Any(other => other.Id == node) && Environment.TickCount64 < end;)
            await AdvanceAsync(seconds: 1);
        await AdvanceAsync(seconds: 2);

        Assert.DoesNotContain(_ada.Received, received => received.Name == MissedEvents.Missed);
    }

    [Fact]
    public async Task A_room_counts_users_and_not_nodes_and_is_told_once_who_comes_and_goes()
    {
        var (here, there) = (await ConnectAsync(First, "/rooms", _bob), await ConnectAsync(Second, "/rooms", _bob));
        var eve = await ConnectAsync(Second, "/rooms", await First.AddUserAsync("Eve"));
        await here.CallAsync("join", _tea.Id);
        await CountedAsync(Second, 2);
        await eve.CallAsync("join", _tea.Id);
        await CountedAsync(First, 3);
        await CountedAsync(Second, 3);
        await there.CallAsync("leave", _tea.Id);
        await CountedAsync(First, 2);
        await CountedAsync(Second, 2);

        Assert.Equal(["Bob has entered the room.", "Eve has entered the room.", "Bob has left the room."], await NoticesAsync(_ada, 3));
        Assert.Equal(["Eve has entered the room.", "Bob has left the room."], await NoticesAsync(eve, 2));
        Assert.Equal(_tea.Id, await here.NextAsync<long>("left"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([new RoomCount(_tea.Id, 2)], await eve.NextAsync<RoomCount[]>("counts"));
        Assert.All((await here.CallAsync<Room[]>("rooms")).Concat(await there.CallAsync<Room[]>("rooms")), room => Assert.Equal((false, 2), (room.Joined, room.Online)));
    }

    [Fact]
    public async Task All_tabs_of_a_user_hear_a_room_or_none_whichever_node_they_are_on()
    {
        var (here, there) = (await ConnectAsync(First, "/rooms", _bob), await ConnectAsync(Second, "/rooms", _bob));
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(here.RefusedAsync("join", _tea.Id), there.RefusedAsync("leave", _tea.Id));
            foreach (var node in _nodes) await node.Of<Memberships>().SyncAsync(_bob.Id);
            var isMember = (await here.CallAsync<Room[]>("rooms"))[0].Joined;

            await _ada.CallAsync("message", _tea.Id, Draft($"{round}"));

            foreach (var tab in (SocketIOTestClient[])[here, there])
            {
                await tab.CallAsync("rooms");   // behind the message, if there was one
                Assert.Equal(isMember, tab.Received.Any(received => received.Name == "message" && received.Arguments.Get<Message>().Text == $"{round}"));
            }
        }
    }

    [Fact]
    public async Task A_tab_on_another_node_follows_the_store_even_if_it_missed_the_change()
    {
        var there = await MemberAsync(Second);
        await First.Store.Rooms.LeaveAsync(_bob.Id, _tea.Id);

        await First.Of<Memberships>().TellNodesAsync(_bob.Id);

        await CountedAsync(First, 1);
        await _ada.CallAsync("message", _tea.Id, Draft("he is gone"));
        await there.CallAsync("rooms");
        Assert.DoesNotContain(there.Received, received => received.Name == "message");
    }

    [Fact]
    public async Task Closing_a_room_throws_everyone_out_on_both_nodes()
    {
        var bob = await MemberAsync(Second);

        await _ada.CallAsync("close_room", _tea.Id);

        Assert.Equal(_tea.Id, (await bob.NextAsync<RoomHead>("room_closed")).Id);
        await CountedAsync(Second, 0);
        await CountedAsync(First, 0);
    }

    [Fact]
    public async Task Who_watches_is_told_that_a_user_of_another_node_comes_and_leaves()
    {
        var ada = await ConnectAsync(First, "/private", await First.FindAsync("Ada"));
        Assert.False(await ada.CallAsync<bool>("watch", _bob.Id));

        var bob = await ConnectAsync(Second, "/private", _bob);
        Assert.True((await ada.NextAsync("presence")).Arguments.Get<bool>(1));
        Assert.True(await ada.CallAsync<bool>("watch", _bob.Id));
        await bob.DisconnectAsync();

        var left = ada.NextAsync("presence");
        while (!left.IsCompleted) await AdvanceAsync(seconds: 1);
        Assert.False((await left).Arguments.Get<bool>(1));
    }

    [Fact]
    public async Task A_private_message_reaches_the_devices_on_both_nodes_and_is_delivered_once()
    {
        var ada = await ConnectAsync(First, "/private", await First.FindAsync("Ada"));
        var devices = await Task.WhenAll(_nodes.Select(node => ConnectAsync(node, "/private", _bob)));
        foreach (var device in devices) device.On("messages", _ => true);

        var sent = await ada.CallAsync<Message>("message", _bob.Id, Draft("to all of you"));

        foreach (var device in devices) Assert.Equal([sent], await device.NextAsync<Message[]>("messages"));
        Assert.Equal(sent.Id, (await ada.NextAsync("delivered")).Arguments.Get<long[]>(1).Single());
        await ada.CallAsync("conversations");
        Assert.Single(ada.Received, received => received.Name == "delivered");
        Assert.Empty(await First.Store.Private.WaitingAsync(_bob.Id));
    }

    [Fact]
    public async Task What_waited_is_delivered_once_though_devices_come_to_both_nodes_at_once()
    {
        var ada = await ConnectAsync(First, "/private", await First.FindAsync("Ada"));
        var sent = new List<long>();
        for (var i = 0; i < 5; i++) sent.Add((await ada.CallAsync<Message>("message", _bob.Id, Draft($"{i}"))).Id);

        var devices = await Task.WhenAll(_nodes.Select(node => ConnectAsync(node, "/private", _bob)));
        var waiting = await Task.WhenAll(devices.Select(device => device.NextAsync("messages")));
        await Task.WhenAll(waiting.Select(received => received.AckAsync(true)));
        var delivered = new List<long>();
        while (delivered.Count < sent.Count) delivered.AddRange((await ada.NextAsync("delivered")).Arguments.Get<long[]>(1));
        var later = await ConnectAsync(Second, "/private", _bob);
        await later.CallAsync("conversations");

        Assert.All(waiting, received => Assert.Equal(sent, received.Arguments.Get<Message[]>().Select(message => message.Id)));
        Assert.Equal(sent, delivered.Order());
        Assert.DoesNotContain(later.Received, received => received.Name == "messages");
    }

    [Fact]
    public async Task A_private_message_of_an_outage_arrives_when_it_is_over()
    {
        var ada = await ConnectAsync(First, "/private", await First.FindAsync("Ada"));
        var bob = await ConnectAsync(Second, "/private", _bob);
        bob.On("messages", _ => true);
        _buses[0].IsDown = true;
        await AdvanceAsync(seconds: 5);   // each second the node looks how the bus is
        var sent = await ada.CallAsync<Message>("message", _bob.Id, Draft("in the dark"));
        Assert.DoesNotContain(bob.Received, received => received.Name == "messages");

        _buses[0].IsDown = false;
        var arrived = bob.NextAsync<Message[]>("messages");
        while (!arrived.IsCompleted) await AdvanceAsync(seconds: 1);

        Assert.Equal([sent], await arrived);
        Assert.Equal(sent.Id, (await ada.NextAsync("delivered")).Arguments.Get<long[]>(1).Single());
    }

    [Fact]
    public async Task Users_of_a_node_that_died_have_left_after_a_while_and_their_rooms_are_told_once()
    {
        await MemberAsync(Second);
        await CountedAsync(First, 2);

        _buses[1].IsFrozen = true;
        await AdvanceAsync(seconds: 5);
        Assert.Equal(2, First.Of<OnlineUsers>().CountIn(_tea.Id));

        for (var end = Environment.TickCount64 + (long)TestHost.Patience.TotalMilliseconds; First.Of<OnlineUsers>().CountIn(_tea.Id) > 1 && Environment.TickCount64 < end;)
            await AdvanceAsync(seconds: 1);
        await CountedAsync(First, 1);
        Assert.Equal(["Bob has entered the room.", "Bob has left the room."], await NoticesAsync(_ada, 2));
    }

    [Fact]
    public async Task Users_of_a_node_that_died_who_come_to_another_one_have_not_left()
    {
        await MemberAsync(Second);
        await CountedAsync(First, 2);

        _buses[1].IsFrozen = true;
        await AdvanceAsync(seconds: 5);
        await ConnectAsync(First, "/rooms", _bob, new { again = true });
        await AdvanceAsync(seconds: 8);
        await _ada.CallAsync("rooms");

        Assert.Equal(2, First.Of<OnlineUsers>().CountIn(_tea.Id));
        Assert.Equal(["Bob has entered the room."], await NoticesAsync(_ada, 1));
    }

    [Fact]
    public async Task A_node_that_missed_an_update_asks_for_all()
    {
        await MemberAsync(Second);
        await CountedAsync(First, 2);
        var id = Second.Io.Cluster.NodeId;

        First.Of<OnlineUsers>().Update(id, [], isFull: true);   // as if all of it had been lost
        First.Of<PresenceExchange>().Receive(new(id, 100, 101, []));

        await CountedAsync(First, 2);
    }

    [Fact]
    public async Task A_cookie_of_one_node_is_good_on_the_other_one()
    {
        using var browser = await Browser.RegisterAsync(First.Address, "Eve");

        using var answer = await browser.GetAsync(new Uri(Second.Address, "session").ToString());

        Assert.Equal("Eve", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("user").GetProperty("name").GetString());
    }

    private static async Task<IReadOnlyList<string>> NoticesAsync(SocketIOTestClient client, int count)
    {
        var notices = new List<string>();
        while (notices.Count < count) notices.Add((await client.NextAsync<RoomNotice>("status")).Text);
        await client.CallAsync("rooms");   // behind a notice too many
        Assert.Equal(notices, client.Received.Where(received => received.Name == "status").Select(received => received.Arguments.Get<RoomNotice>().Text).TakeLast(count));
        return notices;
    }

    private Task CountedAsync(ChatProgram node, int users) =>
        Eventually.TrueAsync(() => node.Of<OnlineUsers>().CountIn(_tea.Id) == users, () => $"{users} users in the room, which has {node.Of<OnlineUsers>().CountIn(_tea.Id)}");

    // In small steps, so that whoever is alive is heard in between.
    private async Task AdvanceAsync(int seconds)
    {
        for (var i = 0; i < 2 * seconds; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(500));
            await _ada.CallAsync("rooms");
        }
    }

    private async Task<SocketIOTestClient> ConnectAsync(ChatProgram node, string path, User user, object? auth = null)
    {
        var client = await node.ConnectAsync(path, user, auth);
        _clients.Add(client);
        return client;
    }

    /// <summary>A tab of Bob, who has joined.</summary>
    private async Task<SocketIOTestClient> MemberAsync(ChatProgram node)
    {
        var tab = await ConnectAsync(node, "/rooms", _bob);
        await tab.CallAsync("join", _tea.Id);
        return tab;
    }
}
