using Chat.Messages;
using Chat.Rooms;
using static Chat.Tests.Asking;

namespace Chat.Tests;

public sealed class RoomTests
{
    [Fact]
    public async Task A_new_room_is_in_everybodys_list_with_its_owner_in_it()
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/rooms", "Ada");
        await using var bob = await chat.JoinAsync("/rooms", "Bob");

        var made = await ada.CallAsync<Room>("create", "  茶 & <b>tea</b> ");

        Assert.Equal(new RoomHead(made.Id, "茶 & <b>tea</b>", made.Owner, "Ada"), await bob.NextAsync<RoomHead>("room"));
        Assert.Equal([made with { Joined = false }], await bob.CallAsync<Room[]>("rooms"));
        Assert.Equal((true, 1), (made.Joined, made.Online));
        Assert.Empty(chat.Errors);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  ", "empty")]
    [InlineData("two\nlines", "bad name")]
    [InlineData("turned \u202Earound", "bad name")]
    [InlineData("12345678901234567890123456789012345678901", "too long")]
    [InlineData("TEA", "name taken")]
    [InlineData("ｔｅａ", "name taken")]
    public async Task A_name_that_is_no_good_is_refused(string name, string code)
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/rooms", "Ada");
        await ada.CallAsync("create", "tea");
        var mine = await ada.CallAsync<Room>("create", "mine");

        Assert.Equal(code, await ada.RefusedAsync("create", name));
        Assert.Equal(code, await ada.RefusedAsync("rename", mine.Id, name));
        Assert.Equal(["mine", "tea"], (await ada.CallAsync<Room[]>("rooms")).Select(room => room.Name));
    }

    [Fact]
    public async Task Only_the_owner_renames_and_closes()
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/rooms", "Ada");
        await using var bob = await chat.JoinAsync("/rooms", "Bob");
        var room = await ada.CallAsync<Room>("create", "tea");

        Assert.Equal("not the owner", await bob.RefusedAsync("rename", room.Id, "coffee"));
        Assert.Equal("not the owner", await bob.RefusedAsync("close_room", room.Id));
        await bob.NextAsync("room");
        Assert.Null(await ada.RefusedAsync("rename", room.Id, "green tea"));

        Assert.Equal("green tea", (await bob.NextAsync<RoomHead>("room")).Name);
    }

    [Fact]
    public async Task Closing_throws_everyone_out_with_a_notice_and_the_room_is_gone()
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/rooms", "Ada");
        await using var bob = await chat.JoinAsync("/rooms", "Bob");
        var room = await ada.CallAsync<Room>("create", "tea");
        await bob.CallAsync("join", room.Id);

        Assert.Null(await ada.RefusedAsync("close_room", room.Id));

        Assert.Equal(new RoomHead(room.Id, "tea", room.Owner, "Ada"), await bob.NextAsync<RoomHead>("room_closed"));
        Assert.Equal("no such room", await bob.RefusedAsync("message", room.Id, Draft("hello?")));
        Assert.Equal("no such room", await bob.RefusedAsync("history", room.Id));
        Assert.Equal("no such room", await bob.RefusedAsync("join", room.Id));
        Assert.Equal("no such room", await ada.RefusedAsync("close_room", room.Id));
        Assert.NotEqual(room.Id, (await bob.CallAsync<Room>("create", "tea")).Id);
    }

    [Fact]
    public async Task What_is_said_in_a_room_is_for_its_members()
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/rooms", "Ada");
        await using var bob = await chat.JoinAsync("/rooms", "Bob");
        await using var eve = await chat.JoinAsync("/rooms", "Eve");
        var room = await ada.CallAsync<Room>("create", "tea");
        await bob.CallAsync("join", room.Id);

        var acked = await ada.CallAsync<Message>("message", room.Id, Draft("members alone"));

        Assert.Equal(acked, await bob.NextAsync<Message>("message"));
        Assert.DoesNotContain(eve.Received, received => received.Name is "message" or "status");
        Assert.Equal("not a member", await eve.RefusedAsync("message", room.Id, Draft("let me in")));
        Assert.Equal("not a member", await eve.RefusedAsync("history", room.Id));
        Assert.Equal("not a member", await eve.RefusedAsync("leave", room.Id));
        Assert.Single((await bob.CallAsync<HistoryPage>("history", room.Id)).Messages);
    }

    [Fact]
    public async Task Who_has_left_hears_and_reads_no_more_on_any_tab()
    {
        await using var chat = ChatProgram.Start();
        var user = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/rooms", "Ada");
        await using var tab = await chat.ConnectAsync("/rooms", user);
        await using var other = await chat.ConnectAsync("/rooms", user);
        var room = await ada.CallAsync<Room>("create", "tea");
        await tab.CallAsync("join", room.Id);
        await tab.CallAsync("leave", room.Id);

        await ada.CallAsync("message", room.Id, Draft("he is gone"));

        Assert.Equal(room.Id, (await other.NextAsync<Room>("joined")).Id);
        Assert.Equal(room.Id, await other.NextAsync<long>("left"));
        Assert.DoesNotContain(other.Received.Concat(tab.Received), received => received.Name == "message");
        Assert.Equal("not a member", await other.RefusedAsync("history", room.Id));
    }

    [Fact]
    public async Task Coming_and_going_is_told_to_that_room_once_for_all_tabs()
    {
        await using var chat = ChatProgram.Start();
        var user = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/rooms", "Ada");
        await using var tab = await chat.ConnectAsync("/rooms", user);
        await using var other = await chat.ConnectAsync("/rooms", user);
        await using var eve = await chat.JoinAsync("/rooms", "Eve");
        var room = await ada.CallAsync<Room>("create", "tea");
        await ada.NextAsync("status");

        await tab.CallAsync("join", room.Id);
        await other.CallAsync("join", room.Id);
        await other.CallAsync("leave", room.Id);

        Assert.Equal("Bob has entered the room.", (await ada.NextAsync<RoomNotice>("status")).Text);
        Assert.Equal("Bob has left the room.", (await ada.NextAsync<RoomNotice>("status")).Text);
        Assert.DoesNotContain(eve.Received, received => received.Name == "status");
    }

    [Fact]
    public async Task A_reload_within_the_grace_time_is_not_told()
    {
        await using var chat = ChatProgram.Start();
        var user = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/rooms", "Ada");
        var room = await ada.CallAsync<Room>("create", "tea");
        await using var tab = await chat.ConnectAsync("/rooms", user);
        await tab.CallAsync("join", room.Id);
        await ada.NextAsync("status");
        await ada.NextAsync("status");

        chat.Clock.Advance(TimeSpan.FromSeconds(1));   // no timer but that of the grace time is left
        await tab.DisconnectAsync();
        await chat.AdvanceGraceAsync(isOver: false);
        await using var reloaded = await chat.ConnectAsync("/rooms", user);
        chat.Clock.Advance(TimeSpan.FromSeconds(10));
        await reloaded.CallAsync("message", room.Id, Draft("still here"));

        await ada.NextAsync("message");
        Assert.Equal(2, ada.Received.Count(received => received.Name == "status"));
        Assert.Equal(2, (await ada.CallAsync<Room[]>("rooms"))[0].Online);
    }

    [Fact]
    public async Task Who_does_not_come_back_has_left_and_comes_again_later()
    {
        await using var chat = ChatProgram.Start();
        var user = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/rooms", "Ada");
        var room = await ada.CallAsync<Room>("create", "tea");
        await using var tab = await chat.ConnectAsync("/rooms", user);
        await tab.CallAsync("join", room.Id);
        await ada.NextAsync("status");
        await ada.NextAsync("status");

        chat.Clock.Advance(TimeSpan.FromSeconds(1));
        tab.Drop();
        await chat.AdvanceGraceAsync(isOver: true);

        Assert.Equal("Bob has left the room.", (await ada.NextAsync<RoomNotice>("status")).Text);
        Assert.Equal(1, (await ada.CallAsync<Room[]>("rooms"))[0].Online);
        await using var back = await chat.ConnectAsync("/rooms", user);
        Assert.Equal("Bob has entered the room.", (await ada.NextAsync<RoomNotice>("status")).Text);
    }

    [Fact]
    public async Task Counts_are_told_to_all_together()
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/rooms", "Ada");
        await using var eve = await chat.JoinAsync("/rooms", "Eve");
        var room = await ada.CallAsync<Room>("create", "tea");
        chat.Clock.Advance(TimeSpan.FromSeconds(1));
        await eve.NextAsync("counts");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(async i => await (await chat.JoinAsync("/rooms", $"user{i}")).CallAsync("join", room.Id)));
        chat.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([new RoomCount(room.Id, 11)], await eve.NextAsync<RoomCount[]>("counts"));
        Assert.Equal(11, (await eve.CallAsync<Room[]>("rooms"))[0].Online);
    }

    [Fact]
    public async Task Unread_messages_are_counted_until_they_are_read_on_one_tab()
    {
        await using var chat = ChatProgram.Start();
        var user = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/rooms", "Ada");
        await using var tab = await chat.ConnectAsync("/rooms", user);
        await using var other = await chat.ConnectAsync("/rooms", user);
        var room = await ada.CallAsync<Room>("create", "tea");
        await ada.CallAsync("message", room.Id, Draft("before he came"));
        await tab.CallAsync("join", room.Id);
        await ada.CallAsync("message", room.Id, Draft("one"));
        var last = await ada.CallAsync<Message>("message", room.Id, Draft("two"));
        await tab.CallAsync("message", room.Id, Draft("his own"));

        Assert.Equal(2, (await tab.CallAsync<Room[]>("rooms"))[0].Unread);
        await tab.CallAsync("read", room.Id, last.Id);
        await tab.CallAsync("read", room.Id, last.Id - 1);

        Assert.Equal(0, (await other.CallAsync<Room[]>("rooms"))[0].Unread);
        Assert.Equal(last.Id, (await other.NextAsync("seen")).Arguments.Get<long>(1));
    }

    [Fact]
    public async Task Members_of_yesterday_hear_their_rooms_at_once()
    {
        await using var chat = ChatProgram.Start();
        var user = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/rooms", "Ada");
        var room = await ada.CallAsync<Room>("create", "tea");
        await using (var tab = await chat.ConnectAsync("/rooms", user)) await tab.CallAsync("join", room.Id);

        await using var today = await chat.ConnectAsync("/rooms", user);
        await ada.CallAsync("message", room.Id, Draft("good morning"));

        Assert.Equal("good morning", (await today.NextAsync<Message>("message")).Text);
    }
}
