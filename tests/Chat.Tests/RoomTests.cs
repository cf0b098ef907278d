using Chat.Accounts;
using Chat.Messages;
using Chat.Rooms;
using SocketIOServer.Testing;
using static Chat.Tests.Asking;

namespace Chat.Tests;

/// <summary>Ada has made a room, tea; there is Bob too.</summary>
public sealed class RoomTests : IAsyncLifetime
{
    private readonly ChatProgram _chat = ChatProgram.Start();
    private SocketIOTestClient _ada = null!;
    private Room _tea = null!;
    private User _bob = null!;

    public async ValueTask InitializeAsync()
    {
        _ada = await _chat.JoinAsync("/rooms", "Ada");
        _tea = await _ada.CallAsync<Room>("create", "tea");
        _bob = await _chat.AddUserAsync("Bob");
        await _ada.NextAsync("status");   // that she has entered herself
    }

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Fact]
    public async Task A_new_room_is_in_everybodys_list_with_its_owner_in_it()
    {
        var bob = await TabAsync();

        var made = await _ada.CallAsync<Room>("create", "  茶 & <b>tea</b> ");

        Assert.Equal(new RoomHead(made.Id, "茶 & <b>tea</b>", made.Owner, "Ada"), await bob.NextAsync<RoomHead>("room"));
        Assert.Equal([_tea with { Joined = false }, made with { Joined = false }], await bob.CallAsync<Room[]>("rooms"));
        Assert.Equal((true, 1), (made.Joined, made.Online));
        Assert.Empty(_chat.Errors);
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
        var mine = await _ada.CallAsync<Room>("create", "mine");

        Assert.Equal(code, await _ada.RefusedAsync("create", name));
        Assert.Equal(code, await _ada.RefusedAsync("rename", mine.Id, name));
        Assert.Equal(["mine", "tea"], (await _ada.CallAsync<Room[]>("rooms")).Select(room => room.Name));
    }

    [Fact]
    public async Task Only_the_owner_renames_and_closes()
    {
        var bob = await TabAsync();

        Assert.Equal("not the owner", await bob.RefusedAsync("rename", _tea.Id, "coffee"));
        Assert.Equal("not the owner", await bob.RefusedAsync("close_room", _tea.Id));
        Assert.Null(await _ada.RefusedAsync("rename", _tea.Id, "green tea"));

        Assert.Equal("green tea", (await bob.NextAsync<RoomHead>("room")).Name);
    }

    [Fact]
    public async Task Closing_throws_everyone_out_with_a_notice_and_the_room_is_gone()
    {
        var bob = await MemberAsync();

        Assert.Null(await _ada.RefusedAsync("close_room", _tea.Id));

        Assert.Equal(new RoomHead(_tea.Id, "tea", _tea.Owner, "Ada"), await bob.NextAsync<RoomHead>("room_closed"));
        Assert.Equal("no such room", await bob.RefusedAsync("message", _tea.Id, Draft("hello?")));
        Assert.Equal("no such room", await bob.RefusedAsync("history", _tea.Id));
        Assert.Equal("no such room", await bob.RefusedAsync("join", _tea.Id));
        Assert.Equal("no such room", await _ada.RefusedAsync("close_room", _tea.Id));
        Assert.NotEqual(_tea.Id, (await bob.CallAsync<Room>("create", "tea")).Id);
    }

    [Fact]
    public async Task What_is_said_in_a_room_is_for_its_members()
    {
        var bob = await MemberAsync();
        var eve = await _chat.JoinAsync("/rooms", "Eve");

        var acked = await _ada.CallAsync<Message>("message", _tea.Id, Draft("members alone"));

        Assert.Equal(acked, await bob.NextAsync<Message>("message"));
        Assert.DoesNotContain(eve.Received, received => received.Name is "message" or "status");
        Assert.Equal("not a member", await eve.RefusedAsync("message", _tea.Id, Draft("let me in")));
        Assert.Equal("not a member", await eve.RefusedAsync("history", _tea.Id));
        Assert.Equal("not a member", await eve.RefusedAsync("leave", _tea.Id));
        Assert.Single((await bob.CallAsync<HistoryPage>("history", _tea.Id)).Messages);
    }

    // Many are stored in one commit and acked together: still the one is told before the other, to everybody.
    [Fact]
    public async Task All_hear_the_messages_of_a_room_in_the_order_of_their_ids()
    {
        const int Each = 20;
        var tabs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TabAsync()));
        await tabs[0].CallAsync("join", _tea.Id);

        await Task.WhenAll(tabs.SelectMany(tab => Enumerable.Range(0, Each).Select(i => tab.CallAsync("message", _tea.Id, Draft($"{i}")))));

        foreach (var (hearer, count) in tabs.Select(tab => (tab, (tabs.Length - 1) * Each)).Append((_ada, tabs.Length * Each)))
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
        await tab.CallAsync("join", _tea.Id);
        await tab.CallAsync("leave", _tea.Id);

        await _ada.CallAsync("message", _tea.Id, Draft("he is gone"));

        Assert.Equal(_tea.Id, (await other.NextAsync<Room>("joined")).Id);
        Assert.Equal(_tea.Id, await other.NextAsync<long>("left"));
        Assert.DoesNotContain(other.Received.Concat(tab.Received), received => received.Name == "message");
        Assert.Equal("not a member", await other.RefusedAsync("history", _tea.Id));
    }

    [Fact]
    public async Task Coming_and_going_is_told_to_that_room_once_for_all_tabs()
    {
        var (tab, other) = (await TabAsync(), await TabAsync());
        var eve = await _chat.JoinAsync("/rooms", "Eve");

        await tab.CallAsync("join", _tea.Id);
        await other.CallAsync("join", _tea.Id);
        await other.CallAsync("leave", _tea.Id);

        Assert.Equal("Bob has entered the room.", (await _ada.NextAsync<RoomNotice>("status")).Text);
        Assert.Equal("Bob has left the room.", (await _ada.NextAsync<RoomNotice>("status")).Text);
        Assert.DoesNotContain(eve.Received, received => received.Name == "status");
    }

    [Fact]
    public async Task A_reload_within_the_grace_time_is_not_told()
    {
        var tab = await MemberAsync();
        await _ada.NextAsync("status");

        _chat.Clock.Advance(TimeSpan.FromSeconds(1));   // no timer but that of the grace time is left
        await tab.DisconnectAsync();
        await _chat.AdvanceGraceAsync(isOver: false);
        var reloaded = await TabAsync();
        _chat.Clock.Advance(TimeSpan.FromSeconds(10));
        await reloaded.CallAsync("message", _tea.Id, Draft("still here"));

        await _ada.NextAsync("message");
        Assert.Equal(2, _ada.Received.Count(received => received.Name == "status"));
        Assert.Equal(2, (await _ada.CallAsync<Room[]>("rooms"))[0].Online);
    }

    [Fact]
    public async Task Who_closes_one_of_two_tabs_has_not_left()
    {
        var (tab, other) = (await MemberAsync(), await TabAsync());
        await other.CallAsync("rooms");   // whoever is answered has been counted
        await _ada.NextAsync("status");

        _chat.Clock.Advance(TimeSpan.FromSeconds(1));   // no timer but that of the grace time is left
        await tab.DisconnectAsync();
        await other.DisconnectAsync();
        await _chat.AdvanceGraceAsync(isOver: true);

        Assert.Equal("Bob has left the room.", (await _ada.NextAsync<RoomNotice>("status")).Text);
        Assert.Equal(3, _ada.Received.Count(received => received.Name == "status"));
    }

    [Fact]
    public async Task Who_does_not_come_back_has_left_and_comes_again_later()
    {
        var tab = await MemberAsync();
        await _ada.NextAsync("status");

        _chat.Clock.Advance(TimeSpan.FromSeconds(1));
        tab.Drop();
        await _chat.AdvanceGraceAsync(isOver: true);

        Assert.Equal("Bob has left the room.", (await _ada.NextAsync<RoomNotice>("status")).Text);
        Assert.Equal(1, (await _ada.CallAsync<Room[]>("rooms"))[0].Online);
        await TabAsync();
        Assert.Equal("Bob has entered the room.", (await _ada.NextAsync<RoomNotice>("status")).Text);
    }

    [Fact]
    public async Task Counts_are_told_to_all_together()
    {
        var eve = await _chat.JoinAsync("/rooms", "Eve");
        _chat.Clock.Advance(TimeSpan.FromSeconds(1));
        await eve.NextAsync("counts");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(async i => await (await _chat.JoinAsync("/rooms", $"user{i}")).CallAsync("join", _tea.Id)));
        _chat.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([new RoomCount(_tea.Id, 11)], await eve.NextAsync<RoomCount[]>("counts"));
        Assert.Equal(11, (await eve.CallAsync<Room[]>("rooms"))[0].Online);
    }

    [Fact]
    public async Task Unread_messages_are_counted_until_they_are_read_on_one_tab()
    {
        var (tab, other) = (await TabAsync(), await TabAsync());
        await _ada.CallAsync("message", _tea.Id, Draft("before he came"));
        await tab.CallAsync("join", _tea.Id);
        await _ada.CallAsync("message", _tea.Id, Draft("one"));
        var last = await _ada.CallAsync<Message>("message", _tea.Id, Draft("two"));
        await tab.CallAsync("message", _tea.Id, Draft("his own"));

        Assert.Equal(2, (await tab.CallAsync<Room[]>("rooms"))[0].Unread);
        await tab.CallAsync("read", _tea.Id, last.Id);
        await tab.CallAsync("read", _tea.Id, last.Id - 1);

        Assert.Equal(0, (await other.CallAsync<Room[]>("rooms"))[0].Unread);
        Assert.Equal(last.Id, (await other.NextAsync("seen")).Arguments.Get<long>(1));
    }

    [Fact]
    public async Task Members_of_yesterday_hear_their_rooms_at_once()
    {
        await (await MemberAsync()).DisconnectAsync();

        var today = await TabAsync();
        await _ada.CallAsync("message", _tea.Id, Draft("good morning"));

        Assert.Equal("good morning", (await today.NextAsync<Message>("message")).Text);
    }

    private Task<SocketIOTestClient> TabAsync() => _chat.ConnectAsync("/rooms", _bob);

    /// <summary>A tab of Bob, who has joined.</summary>
    private async Task<SocketIOTestClient> MemberAsync()
    {
        var tab = await TabAsync();
        await tab.CallAsync("join", _tea.Id);
        return tab;
    }
}
