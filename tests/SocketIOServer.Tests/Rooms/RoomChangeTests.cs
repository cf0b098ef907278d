using System.Collections.Concurrent;

namespace SocketIOServer.Tests.Rooms;

/// <summary>The life of rooms as a program sees it.</summary>
public sealed class RoomChangeTests
{
    [Fact]
    public async Task Rooms_begin_with_the_first_and_end_with_the_last()
    {
        var changes = new Inbox<RoomChange>();
        await using var stage = await Stage.StartAsync(io => io.OnRoomChanged(changes.Add));
        var one = await stage.JoinAsync();
        var two = await stage.JoinAsync();

        await one.Socket.JoinAsync("a", "a", one.Id);
        await two.Socket.JoinAsync("a");
        await one.Socket.LeaveAsync("a", "never joined");
        await two.Socket.DisconnectAsync();

        Assert.Equal(
            [
                new(RoomChangeKind.Created, "a", null), new(RoomChangeKind.Joined, "a", one.Socket), new(RoomChangeKind.Joined, "a", two.Socket),
                new(RoomChangeKind.Left, "a", one.Socket), new(RoomChangeKind.Left, "a", two.Socket), new(RoomChangeKind.Deleted, "a", null),
            ],
            await changes.NextAsync(6));
    }

    [Fact]
    public async Task Rooms_of_another_namespace_are_its_own_affair()
    {
        var changes = new Inbox<RoomChange>();
        await using var stage = await Stage.StartAsync(io => io.Of("/chat").OnRoomChanged(changes.Add));
        var root = await stage.JoinAsync("/", "of root");

        var chat = await stage.JoinAsync(root, "/chat");
        await chat.Socket.JoinAsync("of chat");

        Assert.Equal("of chat", (await changes.NextAsync()).Room);
    }

    [Fact]
    public async Task What_an_observer_changes_is_told_after_what_it_is_told()
    {
        var changes = new Inbox<string>();
        await using var stage = await Stage.StartAsync(io => io.OnRoomChanged(change =>
        {
            if (change is { Kind: RoomChangeKind.Joined, Room: "lobby" }) _ = change.Socket!.JoinAsync("room").AsTask();
            changes.Add($"{change.Kind} {change.Room}");
        }));

        await stage.JoinAsync("/", "lobby");

        Assert.Equal(["Created lobby", "Joined lobby", "Created room", "Joined room"], await changes.NextAsync(4));
    }

    [Fact]
    public async Task One_that_throws_is_logged_and_the_room_is_joined()
    {
        await using var stage = await Stage.StartAsync(io => io.OnRoomChanged(_ => throw new InvalidOperationException("on purpose")));

        var member = await stage.JoinAsync("/", "a");

        Assert.Equal([member.Id, "a"], member.Socket.Rooms);
        Assert.Equal(2, stage.Host.Log.Errors.Count());
    }

    // What each thread sees of its own room is in order, and nothing is told twice or left out.
    [Fact]
    public async Task Changes_of_many_threads_are_told_in_the_order_they_happen()
    {
        var open = new ConcurrentDictionary<string, int>();
        var wrong = 0;
        var told = 0;
        await using var stage = await Stage.StartAsync(io => io.OnRoomChanged(change =>
        {
            // One call at a time: the count of a room follows from what is told alone.
            var members = open.AddOrUpdate(change.Room, _ => Delta(change.Kind), (_, before) => before + Delta(change.Kind));
            if (members < 0 || change.Kind == RoomChangeKind.Created && members != 0 || change.Kind == RoomChangeKind.Deleted && members != 0) wrong++;
            told++;
        }));
        var members = new List<Stage.Member>();
        for (var i = 0; i < 4; i++) members.Add(await stage.JoinAsync());

        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), async (n, _) =>
        {
            await members[n % 4].Socket.JoinAsync("r" + n % 3);
            await members[(n + 1) % 4].Socket.LeaveAsync("r" + n % 3);
        });
        foreach (var member in members) await member.Socket.LeaveAsync("r0", "r1", "r2");

        await Eventually.TrueAsync(() => open.Values.All(count => count == 0), "every room is told to be empty");
        Assert.Equal(0, wrong);
        Assert.True(told >= 4);
    }

    private static int Delta(RoomChangeKind kind) => kind switch { RoomChangeKind.Joined => 1, RoomChangeKind.Left => -1, _ => 0 };
}
