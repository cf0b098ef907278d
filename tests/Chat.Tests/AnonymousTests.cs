using Chat.Messages;
using SocketIOServer.Testing;
using static Chat.Tests.Asking;

namespace Chat.Tests;

public sealed class AnonymousTests
{
    private static object Key(string key) => new { key };

    [Fact]
    public async Task A_guest_speaks_under_a_number_that_stays_after_a_reconnect()
    {
        await using var chat = ChatProgram.Start();
        await using var guest = await chat.ConnectAsync("/anonymous", null, Key("the-key-of-a-page"));
        await using var other = await chat.ConnectAsync("/anonymous", null, Key("the-key-of-another"));

        var acked = await guest.CallAsync<Message>("message", Draft("who am I?"));
        await guest.DisconnectAsync();
        await using var again = await chat.ConnectAsync("/anonymous", null, Key("the-key-of-a-page"));

        Assert.Equal(acked, await other.NextAsync<Message>("message"));
        Assert.Equal(acked.Name, await again.CallAsync<string>("name"));
        Assert.NotEqual(acked.Name, await other.CallAsync<string>("name"));
        Assert.Empty(chat.Errors);
    }

    [Fact]
    public async Task Who_is_signed_in_is_nobody_here()
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.ConnectAsync("/anonymous", await chat.AddUserAsync("Ada"), Key("the-key-of-ada"));

        var acked = await ada.CallAsync<Message>("message", Draft("not me"));

        Assert.Null(acked.Sender);
        Assert.DoesNotContain("Ada", acked.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_nobody_comes_in()
    {
        await using var chat = ChatProgram.Start();

        foreach (var auth in (object?[])[null, new { }, new { key = 5 }, Key("short"), Key("<script>alert(1)</script>")])
            Assert.Equal("bad key", (await Assert.ThrowsAsync<SocketIOTestRefusedException>(() => chat.ConnectAsync("/anonymous", null, auth))).Message);
    }

    [Fact]
    public async Task Global_messages_are_not_heard_here_and_not_in_its_history()
    {
        await using var chat = ChatProgram.Start();
        await using var guest = await chat.ConnectAsync("/anonymous", null, Key("the-key-of-a-page"));
        await using var ada = await chat.JoinAsync("/", "Ada");

        await ada.CallAsync("message", Draft("for members"));

        Assert.Empty(guest.Received);
        Assert.Empty((await guest.CallAsync<HistoryPage>("history")).Messages);
    }
}
