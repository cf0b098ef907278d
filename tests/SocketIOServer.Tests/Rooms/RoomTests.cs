namespace SocketIOServer.Tests.Rooms;

/// <summary>Who is in which room, and for how long a room is there.</summary>
public sealed class RoomTests
{
    [Fact]
    public async Task A_room_that_is_null_changes_no_room()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync("/", "old");

        await Assert.ThrowsAsync<ArgumentNullException>(async () => await member.Socket.JoinAsync("new", null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await member.Socket.LeaveAsync("old", null!));

        Assert.Equal([member.Id, "old"], member.Socket.Rooms);
    }

    [Fact]
    public async Task A_socket_is_in_the_room_of_its_id_and_in_those_it_joined()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        await member.Socket.JoinAsync("a", "b", "a");
        await member.Socket.LeaveAsync("b", "never joined");

        Assert.Equal([member.Id, "a"], member.Socket.Rooms);
        Assert.Equal(["a"], await stage.Io.RoomsAsync());
    }

    // Seed 003: a room is any text or number.
    [Fact]
    public async Task A_number_is_a_room_and_so_is_its_text()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var other = await stage.JoinAsync();

        await member.Socket.JoinAsync(7);
        await stage.Io.To(other.Id).JoinAsync(1.5);
        await stage.Io.To(7).EmitAsync("seven");
        await stage.Io.Except(7).EmitAsync("others");
        await member.Socket.To(1.5).EmitAsync("half");
        await member.Socket.Except("1.5").EmitAsync("nobody");
        await member.Socket.LeaveAsync(7);
        await stage.Io.CloseRoomAsync(1.5);

        Assert.Equal(["""42["seven"]"""], await member.DrainAsync());
        Assert.Equal(["""42["others"]""", """42["half"]"""], await other.DrainAsync());
        Assert.Empty(await stage.Io.RoomsAsync());
    }

    [Fact]
    public async Task The_members_of_a_room_can_be_fetched_and_counted()
    {
        await using var stage = await Stage.StartAsync();
        var one = await stage.JoinAsync("/", "room");
        var two = await stage.JoinAsync("/", "room", "other");
        var three = await stage.JoinAsync();

        var members = await stage.Io.To("room").FetchSocketsAsync();

        Assert.Equal(new[] { one.Id, two.Id }.Order(), members.Select(socket => socket.Id).Order());
        Assert.Equal([two.Id, "room", "other"], members.Single(socket => socket.Id == two.Id).Rooms);
        Assert.Equal(
            (3, 2, 2, 0, 1),
            (await stage.Io.CountAsync(), await stage.Io.To("room").CountAsync(), await stage.Io.Except("other").CountAsync(),
                await stage.Io.To("nobody").CountAsync(), await stage.Io.To(three.Id).CountAsync()));
    }

    [Fact]
    public async Task A_room_is_gone_when_the_last_has_left()
    {
        await using var stage = await Stage.StartAsync();
        var one = await stage.JoinAsync("/", "room");
        var two = await stage.JoinAsync("/", "room");

        await one.Socket.LeaveAsync("room");
        Assert.Equal(["room"], await stage.Io.RoomsAsync());
        await two.Socket.LeaveAsync("room");

        Assert.Empty(await stage.Io.RoomsAsync());
    }

    [Fact]
    public async Task Closing_a_room_takes_everyone_out_of_it_and_of_no_other()
    {
        await using var stage = await Stage.StartAsync();
        var one = await stage.JoinAsync("/", "room", "stays");
        await stage.JoinAsync("/", "room");

        await stage.Io.CloseRoomAsync("room");

        Assert.Equal(["stays"], await stage.Io.RoomsAsync());
        Assert.Equal([one.Id, "stays"], one.Socket.Rooms);
        Assert.True(one.Socket.IsConnected);
    }

    [Fact]
    public async Task Disconnecting_leaves_every_room()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync("/", "a", "b");

        await member.Socket.DisconnectAsync();

        Assert.Empty(await stage.Io.RoomsAsync());
        Assert.Equal((0, 0), (await stage.Io.CountAsync(), await stage.Io.To(member.Id).CountAsync()));
    }

    // ATTACKS A69: what is joined too late would never be left.
    [Fact]
    public async Task Joining_after_the_end_has_no_effect()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync("/", "a");
        await member.Socket.DisconnectAsync();

        await member.Socket.JoinAsync("late");
        await stage.Io.To(member.Id).JoinAsync("late");

        Assert.Empty(await stage.Io.RoomsAsync());
        Assert.Equal([member.Id, "a"], member.Socket.Rooms);
    }

    [Fact]
    public async Task A_room_of_one_namespace_is_not_that_of_another()
    {
        await using var stage = await Stage.StartAsync();
        var root = await stage.JoinAsync("/", "room");
        var chat = await stage.JoinAsync(root, "/chat");
        await chat.Socket.JoinAsync("room");

        await stage.Io.Of("/chat").To("room").EmitAsync("e");
        await chat.Socket.LeaveAsync("room");

        Assert.Equal(["""42/chat,["e"]"""], await root.DrainAsync());
        Assert.Equal(["room"], await stage.Io.RoomsAsync());
        Assert.Empty(await stage.Io.Of("/chat").RoomsAsync());
    }

    // Programs let clients name the room they want: taking another's id must not take its messages.
    [Fact]
    public async Task Joining_the_room_of_anothers_id_does_not_keep_its_messages_from_it()
    {
        await using var stage = await Stage.StartAsync();
        var owner = await stage.JoinAsync();
        var guest = await stage.JoinAsync("/", owner.Id);

        await stage.Io.To(owner.Id).EmitAsync("private");
        await stage.Io.Except(owner.Id).EmitAsync("others");

        Assert.Equal(["""42["private"]"""], await owner.DrainAsync());
        Assert.Equal(["""42["private"]"""], await guest.DrainAsync());
        Assert.Equal(2, await stage.Io.To(owner.Id).CountAsync());
    }

    [Fact]
    public async Task Leaving_the_room_of_ones_own_id_has_no_effect()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        await member.Socket.LeaveAsync(member.Id);
        await stage.Io.CloseRoomAsync(member.Id);
        await stage.Io.To(member.Id).EmitAsync("e");

        Assert.Equal(["""42["e"]"""], await member.DrainAsync());
    }

    [Fact]
    public async Task Joins_leaves_and_broadcasts_of_many_threads_leave_nothing_behind()
    {
        await using var stage = await Stage.StartAsync();
        var members = new List<Stage.Member>();
        for (var i = 0; i < 8; i++) members.Add(await stage.JoinAsync());

        await Parallel.ForEachAsync(Enumerable.Range(0, 4000), async (n, cancel) =>
        {
            var socket = members[n % members.Count].Socket;
            await socket.JoinAsync("r" + n % 5, "shared");
            await stage.Io.To("r" + n % 7, "shared").CountAsync(cancel);
            await socket.LeaveAsync("shared", "r" + n % 5);
            if (n % 1000 == 999) await socket.DisconnectAsync();
        });
        foreach (var member in members) await member.Socket.DisconnectAsync();

        Assert.Empty(await stage.Io.RoomsAsync());
        Assert.Equal(0, await stage.Io.CountAsync());
    }
}
