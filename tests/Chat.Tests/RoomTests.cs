using Chat.Messages;
using Chat.Rooms;
using SocketIOServer.Testing;
using static Chat.Tests.Asking;

namespace Chat.Tests;

public sealed class RoomTests : TeaTests
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Ada.NextAsync("status");   // that she has entered herself
    }

    [Fact]
    public async Task A_new_room_is_in_everybodys_list_with_its_owner_in_it()
    {
        var bob = await TabAsync();

        var made = await Ada.CallAsync<Room>("create", "  茶 & <b>tea</b> ");

        Assert.Equal(new RoomHead(made.Id, "茶 & <b>tea</b>", made.Owner, "Ada"), await bob.NextAsync<RoomHead>("room"));
        Assert.Equal([Tea with { Joined = false }, made with { Joined = false }], await bob.CallAsync<Room[]>("rooms"));
        Assert.Equal((true, 1), (made.Joined, made.Online));
        Assert.Empty(Chat.Errors);
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
        var mine = await Ada.CallAsync<Room>("create", "mine");

        Assert.Equal(code, await Ada.RefusedAsync("create", name));
        Assert.Equal(code, await Ada.RefusedAsync("rename", mine.Id, name));
        Assert.Equal(["mine", "tea"], (await Ada.CallAsync<Room[]>("rooms")).Select(room => room.Name));
    }

    [Fact]
    public async Task Only_the_owner_renames_and_closes()
    {
        var bob = await TabAsync();

        Assert.Equal("not the owner", await bob.RefusedAsync("rename", Tea.Id, "coffee"));
        Assert.Equal("not the owner", await bob.RefusedAsync("close_room", Tea.Id));
        Assert.Null(await Ada.RefusedAsync("rename", Tea.Id, "green tea"));

        Assert.Equal("green tea", (await bob.NextAsync<RoomHead>("room")).Name);
    }

    [Fact]
    public async Task Closing_throws_everyone_out_with_a_notice_and_the_room_is_gone()
    {
        var bob = await MemberAsync();

        Assert.Null(await Ada.RefusedAsync("close_room", Tea.Id));

        Assert.Equal(new RoomHead(Tea.Id, "tea", Tea.Owner, "Ada"), await bob.NextAsync<RoomHead>("room_closed"));
        Assert.Equal("no such room", await bob.RefusedAsync("message", Tea.Id, Draft("hello?")));
        Assert.Equal("no such room", await bob.RefusedAsync("history", Tea.Id));
        Assert.Equal("no such room", await bob.RefusedAsync("join", Tea.Id));
        Assert.Equal("no such room", await Ada.RefusedAsync("close_room", Tea.Id));
        Assert.NotEqual(Tea.Id, (await bob.CallAsync<Room>("create", "tea")).Id);
    }

    [Fact]
    public async Task What_is_said_in_a_room_is_for_its_members()
    {
        var bob = await MemberAsync();
        var eve = await Chat.JoinAsync("/rooms", "Eve");

        var acked = await Ada.CallAsync<Message>("message", Tea.Id, Draft("members alone"));

        Assert.Equal(acked, await bob.NextAsync<Message>("message"));
        Assert.DoesNotContain(eve.Received, received => received.Name is "message" or "status");
        Assert.Equal("not a member", await eve.RefusedAsync("message", Tea.Id, Draft("let me in")));
        Assert.Equal("not a member", await eve.RefusedAsync("history", Tea.Id));
        Assert.Equal("not a member", await eve.RefusedAsync("leave", Tea.Id));
        Assert.Single((await bob.CallAsync<HistoryPage>("history", Tea.Id)).Messages);
    }

    // Many are stored in one commit and acked together: still the one is told before the other, to everybody.
    [Fact]
    public async Task All_hear_the_messages_of_a_room_in_the_order_of_their_ids()
    {
        const int Each = 20;
        var tabs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TabAsync()));
        await tabs[0].CallAsync("join", Tea.Id);

        await Task.WhenAll(tabs.SelectMany(tab => Enumerable.Range(0, Each).Select(i => tab.CallAsync("message", Tea.Id, Draft($"{i}")))));

        foreach (var (hearer, count) in tabs.Select(tab => (tab, (tabs.Length - 1) * Each)).Append((Ada, tabs.Length * Each)))
        {
            var ids = new List<long>();
            while (ids.Count < count) ids.Add((await hearer.NextAsync<Message>("message")).Id);
            Assert.Equal(ids.Order(), ids);
        }
    }

    [Fact]
    public async Task Who_has_left_hears_and_reads_no_more_on_any_tab()
    {
        var (tab, other) = (await TabAsync(), await TabAsync());
        await tab.CallAsync("join", Tea.Id);
        await tab.CallAsync("leave", Tea.Id);

        await Ada.CallAsync("message", Tea.Id, Draft("he is gone"));

        Assert.Equal(Tea.Id, (await other.NextAsync<Room>("joined")).Id);
        Assert.Equal(Tea.Id, await other.NextAsync<long>("left"));
        Assert.DoesNotContain(other.Received.Concat(tab.Received), received => received.Name == "message");
        Assert.Equal("not a member", await other.RefusedAsync("history", Tea.Id));
    }

    [Fact]
    public async Task Coming_and_going_is_told_to_that_room_once_for_all_tabs()
    {
        var (tab, other) = (await TabAsync(), await TabAsync());
        var eve = await Chat.JoinAsync("/rooms", "Eve");

        await tab.CallAsync("join", Tea.Id);
        await other.CallAsync("join", Tea.Id);
        await other.CallAsync("leave", Tea.Id);

        Assert.Equal("Bob has entered the room.", (await Ada.NextAsync<RoomNotice>("status")).Text);
        Assert.Equal("Bob has left the room.", (await Ada.NextAsync<RoomNotice>("status")).Text);
        Assert.DoesNotContain(eve.Received, received => received.Name == "status");
    }

    [Fact]
    public async Task A_reload_within_the_grace_time_is_not_told()
    {
        var tab = await MemberAsync();
        await Ada.NextAsync("status");

        Chat.Clock.Advance(TimeSpan.FromSeconds(1));   // no timer but that of the grace time is left
        await tab.DisconnectAsync();
        await Chat.AdvanceGraceAsync(isOver: false);
        var reloaded = await TabAsync();
        await reloaded.CallAsync("rooms");   // whoever is answered has been counted
        Chat.Clock.Advance(TimeSpan.FromSeconds(10));
        await reloaded.CallAsync("message", Tea.Id, Draft("still here"));

        await Ada.NextAsync("message");
        Assert.Equal(2, Ada.Received.Count(received => received.Name == "status"));
        Assert.Equal(2, (await Ada.CallAsync<Room[]>("rooms"))[0].Online);
    }

    [Fact]
    public async Task Who_closes_one_of_two_tabs_has_not_left()
    {
        var (tab, other) = (await MemberAsync(), await TabAsync());
        await other.CallAsync("rooms");   // whoever is answered has been counted
        await Ada.NextAsync("status");

        Chat.Clock.Advance(TimeSpan.FromSeconds(1));   // no timer but that of the grace time is left
        await tab.DisconnectAsync();
        await other.DisconnectAsync();
        await Chat.AdvanceGraceAsync(isOver: true);

        Assert.Equal("Bob has left the room.", (await Ada.NextAsync<RoomNotice>("status")).Text);
        Assert.Equal(3, Ada.Received.Count(received => received.Name == "status"));
    }

    [Fact]
    public async Task Who_does_not_come_back_has_left_and_comes_again_later()
    {
        var tab = await MemberAsync();
        await Ada.NextAsync("status");

        Chat.Clock.Advance(TimeSpan.FromSeconds(1));
        tab.Drop();
        await Chat.AdvanceGraceAsync(isOver: true);

        Assert.Equal("Bob has left the room.", (await Ada.NextAsync<RoomNotice>("status")).Text);
        Assert.Equal(1, (await Ada.CallAsync<Room[]>("rooms"))[0].Online);
        await TabAsync();
        Assert.Equal("Bob has entered the room.", (await Ada.NextAsync<RoomNotice>("status")).Text);
    }

    [Fact]
    public async Task Counts_are_told_to_all_together()
    {
        var eve = await Chat.JoinAsync("/rooms", "Eve");
        Chat.Clock.Advance(TimeSpan.FromSeconds(1));
        await eve.NextAsync("counts");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(async i => await (await Chat.JoinAsync("/rooms", $"user{i}")).CallAsync("join", Tea.Id)));
        Chat.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([new RoomCount(Tea.Id, 11)], await eve.NextAsync<RoomCount[]>("counts"));
        Assert.Equal(11, (await eve.CallAsync<Room[]>("rooms"))[0].Online);
    }

    [Fact]
    public async Task Unread_messages_are_counted_until_they_are_read_on_one_tab()
    {
        var (tab, other) = (await TabAsync(), await TabAsync());
        await Ada.CallAsync("message", Tea.Id, Draft("before he came"));
        await tab.CallAsync("join", Tea.Id);
        await Ada.CallAsync("message", Tea.Id, Draft("one"));
        var last = await Ada.CallAsync<Message>("message", Tea.Id, Draft("two"));
        await tab.CallAsync("message", Tea.Id, Draft("his own"));

        Assert.Equal(2, (await tab.CallAsync<Room[]>("rooms"))[0].Unread);
        await tab.CallAsync("read", Tea.Id, last.Id);
        await tab.CallAsync("read", Tea.Id, last.Id - 1);

        Assert.Equal(0, (await other.CallAsync<Room[]>("rooms"))[0].Unread);
        Assert.Equal(last.Id, (await other.NextAsync("seen")).Arguments.Get<long>(1));
    }

    [Fact]
    public async Task Members_of_yesterday_hear_their_rooms_at_once()
    {
        await (await MemberAsync()).DisconnectAsync();

        var today = await TabAsync();
        await Ada.CallAsync("message", Tea.Id, Draft("good morning"));

        Assert.Equal("good morning", (await today.NextAsync<Message>("message")).Text);
    }

    /// <summary>A tab of Bob, who has joined.</summary>
    private async Task<SocketIOTestClient> MemberAsync()
    {
        var tab = await TabAsync();
        await tab.CallAsync("join", Tea.Id);
        return tab;
    }

    [Fact]
    public async Task After_a_restart_of_the_server_nobody_has_entered_who_was_there_before()
    {
        var tab = await MemberAsync();
        Assert.Equal("Bob has entered the room.", (await Ada.NextAsync<RoomNotice>("status")).Text);
        Chat.Clock.Advance(TimeSpan.FromSeconds(1));   // no timer but that of the grace time is left
        await tab.DisconnectAsync();
        await Chat.AdvanceGraceAsync(isOver: true);
        Assert.Equal("Bob has left the room.", (await Ada.NextAsync<RoomNotice>("status")).Text);

        // This process told the rooms that Bob left, so it tells that he is back, whatever his page says.
        await using var back = await Chat.ConnectAsync("/rooms", Bob, new { again = true });
        Assert.Equal("Bob has entered the room.", (await Ada.NextAsync<RoomNotice>("status")).Text);

        // Of Eve it has told nothing: her page was connected to the process before this one.
        var eve = await Chat.AddUserAsync("Eve");
        await Chat.Store.Rooms.JoinAsync(eve.Id, Tea.Id);
        await using var page = await Chat.ConnectAsync("/rooms", eve, new { again = true });
        Assert.Equal(3, (await page.CallAsync<Room[]>("rooms")).Single().Online);
        await Ada.CallAsync("message", Tea.Id, Draft("after"));
        Assert.Equal(4, Ada.Received.Count(received => received.Name == "status"));
    }
}
