using Chat.Messages;
using SocketIOServer.Testing;
using static Chat.Tests.Asking;

namespace Chat.Tests;

public sealed class GlobalTests
{
    [Fact]
    public async Task A_message_is_acked_and_reaches_everybody_else()
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/", "Ada");
        await using var bob = await chat.JoinAsync("/", "Bob");

        var acked = await ada.CallAsync<Message>("message", Draft("hello, 世界"));

        var heard = await bob.NextAsync<Message>("message");
        Assert.Equal(("Ada", "hello, 世界", acked), (heard.Name, heard.Text, heard));
        Assert.DoesNotContain(ada.Received, received => received.Name == "message");
        Assert.Empty(chat.Errors);
    }

    [Fact]
    public async Task A_message_that_is_sent_again_is_stored_once_and_told_once()
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/", "Ada");
        await using var bob = await chat.JoinAsync("/", "Bob");
        var (draft, key) = (Draft("once"), NewKey());

        var first = await ada.CallAsync<Message>("message", draft, key);
        var second = await ada.CallAsync<Message>("message", draft, key);

        Assert.Equal(first, second);
        Assert.Single((await ada.CallAsync<HistoryPage>("history")).Messages);
        Assert.Single(bob.Received, received => received.Name == "message");
    }

    [Fact]
    public async Task Of_the_same_message_sent_twice_at_once_one_is_stored()
    {
        await using var chat = ChatProgram.Start();
        var user = await chat.AddUserAsync("Ada");
        var tabs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => chat.ConnectAsync("/", user)));
        var (draft, key) = (Draft("once"), NewKey());

        var acked = await Task.WhenAll(tabs.Select(tab => tab.CallAsync<Message>("message", draft, key)));

        Assert.Single(acked.Distinct());
        Assert.Single((await tabs[0].CallAsync<HistoryPage>("history")).Messages);
    }

    [Fact]
    public async Task History_comes_by_pages_the_newest_first()
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/", "Ada");
        for (var i = 1; i <= 120; i++) await ada.CallAsync("message", Draft($"{i}"));

        var newest = await ada.CallAsync<HistoryPage>("history");
        var middle = await ada.CallAsync<HistoryPage>("history", newest.Messages[^1].Id);
        var oldest = await ada.CallAsync<HistoryPage>("history", middle.Messages[^1].Id);

        Assert.Equal((50, true, 50, true, 20, false), (newest.Messages.Count, newest.More, middle.Messages.Count, middle.More, oldest.Messages.Count, oldest.More));
        Assert.Equal(Enumerable.Range(1, 120).Reverse().Select(i => $"{i}"), [.. newest.Messages.Concat(middle.Messages).Concat(oldest.Messages).Select(message => message.Text)]);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \t\n ", "empty")]
    [InlineData(null, "empty")]
    [InlineData(5, "invalid arguments")]
    [InlineData(true, "invalid arguments")]
    public async Task What_is_no_text_is_refused(object? text, string code)
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/", "Ada");
        await using var bob = await chat.JoinAsync("/", "Bob");

        Assert.Equal(code, await ada.RefusedAsync("message", new { text }));
        Assert.Empty((await ada.CallAsync<HistoryPage>("history")).Messages);
        Assert.DoesNotContain(bob.Received, received => received.Name == "message");
    }

    [Fact]
    public async Task A_text_may_have_4000_characters_and_no_more()
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/", "Ada");

        Assert.Equal("too long", await ada.RefusedAsync("message", Draft(new('x', 4001))));
        Assert.Equal("empty", await ada.RefusedAsync("message", Draft("\0 \0")));
        Assert.Null(await ada.RefusedAsync("message", Draft(new('x', 4000))));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("with blanks in it")]
    [InlineData("Ωμέγα-Ωμέγα-Ωμέγα")]
    public async Task A_key_that_the_store_cannot_keep_is_refused(string key)
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/", "Ada");

        Assert.Equal("bad key", await ada.RefusedAsync("message", Draft("hi"), key));
    }

    [Fact]
    public async Task A_flood_is_refused_on_all_tabs_of_the_user_and_disturbs_nobody_else()
    {
        await using var chat = ChatProgram.Start("--Chat:Burst=5", "--Chat:EventsPerSecond=1");
        var user = await chat.AddUserAsync("Ada");
        await using var tab = await chat.ConnectAsync("/", user);
        await using var other = await chat.ConnectAsync("/rooms", user);
        await using var bob = await chat.JoinAsync("/", "Bob");

        var codes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => tab.RefusedAsync("message", Draft($"{i}"))));

        Assert.Contains("rate limited", codes);
        Assert.Equal("rate limited", await other.RefusedAsync("create", "one more"));
        Assert.Equal(codes.Count(code => code is null), (await bob.CallAsync<HistoryPage>("history")).Messages.Count);
        Assert.Null(await bob.RefusedAsync("message", Draft("undisturbed")));
    }

    [Fact]
    public async Task How_many_are_here_is_told_by_users_and_not_by_tabs()
    {
        await using var chat = ChatProgram.Start();
        var user = await chat.AddUserAsync("Ada");
        await using var tab = await chat.ConnectAsync("/", user);
        await using var other = await chat.ConnectAsync("/", user);
        await using var bob = await chat.JoinAsync("/", "Bob");

        await other.CallAsync("online");   // whoever is answered has been counted
        Assert.Equal(2, await bob.CallAsync<int>("online"));
        chat.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, await bob.NextAsync<int>("online"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/rooms")]
    [InlineData("/private")]
    public async Task A_guest_is_refused(string path)
    {
        await using var chat = ChatProgram.Start();

        var refused = await Assert.ThrowsAsync<SocketIOTestRefusedException>(() => chat.ConnectAsync(path, null));

        Assert.Equal("unauthorized", refused.Message);
    }
}
