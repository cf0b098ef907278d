using Chat.Accounts;
using Chat.Messages;
using Chat.Rooms;
using SocketIOServer.Testing;
using static Chat.Tests.Asking;

namespace Chat.Tests;

public sealed class PrivateTests
{
    [Fact]
    public async Task A_message_comes_on_all_tabs_of_both_and_to_nobody_else()
    {
        await using var chat = ChatProgram.Start();
        var (ada, bob) = (await chat.AddUserAsync("Ada"), await chat.AddUserAsync("Bob"));
        await using var from = await chat.ConnectAsync("/private", ada);
        await using var alsoFrom = await chat.ConnectAsync("/private", ada);
        var tabs = await Task.WhenAll(chat.ConnectAsync("/private", bob), chat.ConnectAsync("/private", bob));
        await using var eve = await chat.JoinAsync("/private", "Eve");

        var acked = await from.CallAsync<Message>("message", bob.Id, Draft("between us"));

        foreach (var tab in tabs) Assert.Equal([acked], await tab.NextAsync<Message[]>("messages"));
        Assert.Equal(acked, await alsoFrom.NextAsync<Message>("sent"));
        Assert.Empty(eve.Received);
        Assert.Empty((await eve.CallAsync<HistoryPage>("history", bob.Id)).Messages);
        Assert.Empty((await eve.CallAsync<HistoryPage>("history", ada.Id)).Messages);
        Assert.Empty(chat.Errors);
    }

    [Fact]
    public async Task Who_is_away_gets_them_later_in_order_and_once()
    {
        await using var chat = ChatProgram.Start();
        var bob = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/private", "Ada");
        for (var i = 1; i <= 70; i++) await ada.CallAsync("message", bob.Id, Draft($"{i}"));

        await using var tab = await chat.ConnectAsync("/private", bob);
        var first = await tab.NextAsync("messages");
        await first.AckAsync(true);
        var second = await tab.NextAsync("messages");
        await second.AckAsync(true);
        Message[] all = [.. first.Arguments.Get<Message[]>(), .. second.Arguments.Get<Message[]>()];

        Assert.Equal(Enumerable.Range(1, 70).Select(i => $"{i}"), all.Select(message => message.Text));
        Assert.Equal(all.Select(message => message.Id), [.. await DeliveredAsync(ada), .. await DeliveredAsync(ada)]);
        await using var later = await chat.ConnectAsync("/private", bob);
        Assert.Equal(70, (await later.CallAsync<Conversation[]>("conversations"))[0].Unread);
        Assert.DoesNotContain(later.Received, received => received.Name == "messages");
    }

    [Fact]
    public async Task What_was_sent_and_not_acked_is_sent_again_to_the_next_device()
    {
        await using var chat = ChatProgram.Start();
        var bob = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/private", "Ada");
        await using var tab = await chat.ConnectAsync("/private", bob);
        var acked = await ada.CallAsync<Message>("message", bob.Id, Draft("lost on the way"));
        await tab.NextAsync("messages");
        tab.Drop();

        await using var next = await chat.ConnectAsync("/private", bob);

        Assert.Equal([acked], await next.NextAsync<Message[]>("messages"));
        Assert.DoesNotContain(ada.Received, received => received.Name == "delivered");
    }

    [Fact]
    public async Task That_a_delivery_cannot_be_noted_is_logged_and_it_is_delivered_again()
    {
        await using var chat = ChatProgram.Start();
        var bob = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/private", "Ada");
        await using var tab = await chat.ConnectAsync("/private", bob);
        chat.Execute("CREATE TRIGGER broken BEFORE DELETE ON waiting BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        var acked = await ada.CallAsync<Message>("message", bob.Id, Draft("to be noted"));
        await (await tab.NextAsync("messages")).AckAsync(true);
        await Eventually.TrueAsync(() => chat.Log.Errors.Any(), "the failure is logged");
        chat.Execute("DROP TRIGGER broken");

        await using var next = await chat.ConnectAsync("/private", bob);
        var again = await next.NextAsync("messages");
        await again.AckAsync(true);

        Assert.Contains("the disk is full", Assert.Single(chat.Log.Errors).Exception!.Message);
        Assert.Equal([acked], again.Arguments.Get<Message[]>());
        Assert.Equal([acked.Id], await DeliveredAsync(ada));
    }

    [Fact]
    public async Task Sender_is_told_of_delivery_once_and_of_reading()
    {
        await using var chat = ChatProgram.Start();
        var bob = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/private", "Ada");
        var tabs = await Task.WhenAll(chat.ConnectAsync("/private", bob), chat.ConnectAsync("/private", bob));
        foreach (var tab in tabs) tab.On("messages", _ => true);

        var acked = await ada.CallAsync<Message>("message", bob.Id, Draft("did you get it?"));
        var delivered = await DeliveredAsync(ada);
        await tabs[0].CallAsync("read", acked.Sender, acked.Id);

        Assert.False(acked.Delivered);
        Assert.Equal([acked.Id], delivered);
        Assert.Equal((bob.Id, acked.Id), await PairAsync(ada, "read"));
        Assert.Equal((acked.Sender!.Value, acked.Id), await PairAsync(tabs[1], "seen"));
        var page = await ada.CallAsync<HistoryPage>("history", bob.Id);
        Assert.Equal((true, acked.Id), (page.Messages[0].Delivered, page.PeerRead));
        Assert.Single(ada.Received, received => received.Name == "delivered");
    }

    [Fact]
    public async Task That_somebody_is_typing_is_told_to_the_other_one()
    {
        await using var chat = ChatProgram.Start();
        var bob = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/private", "Ada");
        await using var tab = await chat.ConnectAsync("/private", bob);

        await ada.CallAsync("typing", bob.Id);

        Assert.Equal("Ada", (await tab.NextAsync<Person>("typing")).Name);
    }

    [Fact]
    public async Task A_message_that_is_sent_again_is_stored_once_and_delivered_once()
    {
        await using var chat = ChatProgram.Start();
        var bob = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/private", "Ada");
        var (draft, key) = (Draft("once"), NewKey());

        // Before he comes: what is stored while he does may be delivered by both, to be known again by its id.
        var first = await ada.CallAsync<Message>("message", bob.Id, draft, key);
        await using var tab = await chat.ConnectAsync("/private", bob);
        await (await tab.NextAsync("messages")).AckAsync(true);
        await DeliveredAsync(ada);
        var second = await ada.CallAsync<Message>("message", bob.Id, draft, key);

        Assert.Equal(first, second);
        Assert.Single((await tab.CallAsync<HistoryPage>("history", first.Sender)).Messages);
        Assert.Single(tab.Received, received => received.Name == "messages");
    }

    [Fact]
    public async Task Users_are_found_by_the_beginning_of_their_names()
    {
        await using var chat = ChatProgram.Start();
        await chat.AddUserAsync("annabel");
        await chat.AddUserAsync("李四");
        await using var anna = await chat.JoinAsync("/private", "Anna");
        await using var bob = await chat.JoinAsync("/private", "Bob");

        Assert.Equal([("Anna", true), ("annabel", false)], (await bob.CallAsync<Person[]>("search", "AN")).Select(person => (person.Name, person.Online)));
        Assert.Equal(["李四"], (await bob.CallAsync<Person[]>("search", "李")).Select(person => person.Name));
        Assert.Empty(await bob.CallAsync<Person[]>("search", "%"));
        Assert.DoesNotContain("Bob", (await bob.CallAsync<Person[]>("search", "")).Select(person => person.Name));
    }

    [Fact]
    public async Task Nobody_writes_to_who_is_not_there_nor_to_oneself()
    {
        await using var chat = ChatProgram.Start();
        var ada = await chat.AddUserAsync("Ada");
        await using var tab = await chat.ConnectAsync("/private", ada);

        Assert.Equal("no such user", await tab.RefusedAsync("message", 999, Draft("anybody?")));
        Assert.Equal("no such user", await tab.RefusedAsync("message", ada.Id, Draft("me?")));
        Assert.Equal("invalid arguments", await tab.RefusedAsync("message", "Bob", Draft("by name?")));
        Assert.Empty(await tab.CallAsync<Conversation[]>("conversations"));
    }

    [Fact]
    public async Task A_private_conversation_is_no_room()
    {
        await using var chat = ChatProgram.Start();
        var (ada, bob) = (await chat.AddUserAsync("Ada"), await chat.AddUserAsync("Bob"));
        await using var from = await chat.ConnectAsync("/private", ada);
        await using var rooms = await chat.ConnectAsync("/rooms", ada);
        await using var eve = await chat.JoinAsync("/rooms", "Eve");
        var acked = await from.CallAsync<Message>("message", bob.Id, Draft("between us"));

        foreach (var client in (SocketIOTestClient[])[rooms, eve])
        {
            Assert.Equal("no such room", await client.RefusedAsync("history", acked.Conversation));
            Assert.Equal("no such room", await client.RefusedAsync("join", acked.Conversation));
            Assert.Equal("no such room", await client.RefusedAsync("message", acked.Conversation, Draft("in")));
            Assert.Equal("not a member", await client.RefusedAsync("leave", acked.Conversation));
        }

        Assert.Empty(await eve.CallAsync<Room[]>("rooms"));
        Assert.Single((await from.CallAsync<HistoryPage>("history", bob.Id)).Messages);
    }

    private static async Task<long[]> DeliveredAsync(SocketIOTestClient client) => (await client.NextAsync("delivered")).Arguments.Get<long[]>(1);

    private static async Task<(long User, long UpTo)> PairAsync(SocketIOTestClient client, string name)
    {
        var arguments = (await client.NextAsync(name)).Arguments;
        return (arguments.Get<long>(0), arguments.Get<long>(1));
    }

    [Fact]
    public async Task Who_has_a_conversation_with_a_user_sees_the_user_come_and_leave()
    {
        await using var chat = ChatProgram.Start();
        var bob = await chat.AddUserAsync("Bob");
        await using var ada = await chat.JoinAsync("/private", "Ada");
        await using var eve = await chat.JoinAsync("/private", "Eve");
        await ada.CallAsync("message", bob.Id, Draft("are you there?"));
        Assert.False((await ada.CallAsync<Conversation[]>("conversations")).Single().Online);
        Assert.False(await eve.CallAsync<bool>("watch", bob.Id));

        await using (await chat.ConnectAsync("/private", bob))
        {
            Assert.Equal((bob.Id, true), await PresenceAsync(ada));
            Assert.Equal((bob.Id, true), await PresenceAsync(eve));
            Assert.True((await ada.CallAsync<Conversation[]>("conversations")).Single().Online);
            chat.Clock.Advance(TimeSpan.FromSeconds(1));   // no timer but that of the grace time is left
        }

        await chat.AdvanceGraceAsync(isOver: true);
        Assert.Equal((bob.Id, false), await PresenceAsync(ada));
        Assert.Equal((bob.Id, false), await PresenceAsync(eve));
        Assert.Empty(chat.Errors);
    }

    private static async Task<(long User, bool IsOnline)> PresenceAsync(SocketIOTestClient client)
    {
        var presence = await client.NextAsync("presence");
        return (presence.Arguments.Get<long>(), presence.Arguments.Get<bool>(1));
    }
}
