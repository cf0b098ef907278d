using Chat.Messages;
using Chat.Rooms;
using SocketIOServer.Testing;
using static Chat.Tests.Asking;

namespace Chat.Tests;

/// <summary>What the store says of a user's memberships and what the user's tabs hear stay the same, whatever the tabs do at once.</summary>
public sealed class MembershipsTests : TeaTests
{
    private Memberships Memberships => Chat.Of<Memberships>();

    [Fact]
    public async Task Turns_of_one_user_come_one_after_the_other_and_those_of_others_do_not_wait()
    {
        var first = await Memberships.TakeTurnAsync(Bob.Id);
        var second = Memberships.TakeTurnAsync(Bob.Id);

        using var others = await Memberships.TakeTurnAsync(Bob.Id + 1);
        Assert.False(second.IsCompleted);
        first.Dispose();

        (await second).Dispose();
    }

    // The turn is held here, so that what comes while a change is on its way is no matter of luck.
    [Fact]
    public async Task A_tab_that_comes_waits_for_the_change_that_is_on_its_way()
    {
        var tab = await TabAsync();
        await tab.CallAsync("join", Tea.Id);
        Task<SocketIOTestClient> coming;
        using (await Memberships.TakeTurnAsync(Bob.Id))
        {
            coming = TabAsync();
            await Ada.CallAsync("rooms");
            Assert.False(coming.IsCompleted);
            Assert.True(await Chat.Store.Rooms.LeaveAsync(Bob.Id, Tea.Id));
        }

        var late = await coming;
        await Ada.CallAsync("message", Tea.Id, Draft("he is gone"));

        Assert.Equal("not a member", await late.RefusedAsync("history", Tea.Id));
        Assert.DoesNotContain(late.Received, received => received.Name == "message");
    }

    [Fact]
    public async Task All_tabs_hear_a_room_or_none_after_they_joined_and_left_and_came_at_once()
    {
        var (joining, leaving) = (await TabAsync(), await TabAsync());
        Task JoinAsync() => joining.RefusedAsync("join", Tea.Id);
        Task LeaveAsync() => leaving.RefusedAsync("leave", Tea.Id);
        for (var round = 0; round < 20; round++)
        {
            // Who asks first is mostly served first: this way and that, so that both ends are seen.
            var first = round % 2 == 0 ? JoinAsync() : LeaveAsync();
            var coming = TabAsync();
            var second = round % 2 == 0 ? LeaveAsync() : JoinAsync();
            await Task.WhenAll(first, coming, second);
            SocketIOTestClient[] tabs = [joining, leaving, await coming];
            var isMember = (await joining.CallAsync<Room[]>("rooms"))[0].Joined;

            await Ada.CallAsync("message", Tea.Id, Draft($"{round}"));

            foreach (var tab in tabs)
            {
                await tab.CallAsync("rooms");   // behind the message, if there was one
                Assert.Equal(isMember, tab.Received.Any(received => received.Name == "message" && received.Arguments.Get<Message>().Text == $"{round}"));
            }

            await tabs[^1].DisconnectAsync();
        }

        Assert.Empty(Chat.Errors);
    }
}
