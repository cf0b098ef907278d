namespace SocketIOServer.Tests.Inboxes;

/// <summary>Events for a user wait until one of its clients has acked them.</summary>
public sealed class UserInboxTests
{
    [Fact]
    public async Task What_was_sent_to_a_user_who_is_away_arrives_in_order_at_the_next_connection_and_once_it_is_acked_never_again()
    {
        await using var stage = await InboxStage.StartAsync();
        for (var i = 0; i < 3; i++) await stage.Io.ToUser("ada").Durable.EmitAsync("news", i, new byte[] { (byte)i });

        await using (var client = await stage.JoinAsync("ada"))
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal($$"""451-{{i}}["news",{{i}},{"_placeholder":true,"num":0}]""", await client.ReadAsync());
                Assert.Equal($"b:0{i}", await client.ReadAsync());
            }

            await client.SendAsync("430[]", "431[]");
            await client.AssertAliveAsync();
            await stage.LeaveAsync(client);
        }

        await using (var client = await stage.JoinAsync("ada"))
        {
            Assert.Equal("""451-0["news",2,{"_placeholder":true,"num":0}]""", await client.ReadAsync());
            Assert.Equal("b:02", await client.ReadAsync());
            await client.SendAsync("430[\"read\"]");
            await client.AssertAliveAsync();
            await stage.LeaveAsync(client);
        }

        await using (var client = await stage.JoinAsync("ada")) await client.AssertAliveAsync();
        Assert.Empty(stage.Host.Log.Errors);
    }

    [Fact]
    public async Task A_connected_user_gets_it_at_once_on_each_client_and_the_first_ack_removes_it()
    {
        await using var stage = await InboxStage.StartAsync();
        await using var first = await stage.JoinAsync("ada");
        await using var second = await stage.JoinAsync("ada");
        await using var other = await stage.JoinAsync("bob");
        await using var stranger = await stage.JoinAsync(null);

        await stage.Io.ToUser("ada").Durable.EmitAsync("news");
        Assert.Equal("""420["news"]""", await first.ReadAsync());
        Assert.Equal("""420["news"]""", await second.ReadAsync());
        await second.SendAsync("430[]");
        await second.AssertAliveAsync();

        await using var third = await stage.JoinAsync("ada");
        foreach (var client in new[] { first, other, stranger, third }) await client.AssertAliveAsync();
        await stage.Io.ToUser("ada").EmitAsync("live");
        foreach (var client in new[] { first, second, third }) Assert.Equal("""42["live"]""", await client.ReadAsync());
        await other.AssertAliveAsync();
    }

    [Fact]
    public async Task A_full_inbox_refuses_and_other_users_are_not_affected()
    {
        await using var stage = await InboxStage.StartAsync(inbox => (inbox.MaxMessages, inbox.MaxBytes) = (3, 500));
        for (var i = 0; i < 3; i++) await stage.Io.ToUser("ada").Durable.EmitAsync("news", i);

        await Assert.ThrowsAsync<InboxFullException>(() => stage.Io.ToUser("ada").Durable.EmitAsync("news", 3).AsTask());
        await Assert.ThrowsAsync<InboxFullException>(() => stage.Io.ToUser("bob").Durable.EmitAsync("news", new string('x', 600)).AsTask());
        await stage.Io.ToUser("bob").Durable.EmitAsync("news", "b");

        await using var bob = await stage.JoinAsync("bob");
        Assert.Equal("""420["news","b"]""", await bob.ReadAsync());
        await using var ada = await stage.JoinAsync("ada");
        for (var i = 0; i < 3; i++) Assert.Equal($"""42{i}["news",{i}]""", await ada.ReadAsync());
        await ada.SendAsync("430[]");
        await ada.AssertAliveAsync();
        await stage.Io.ToUser("ada").Durable.EmitAsync("news", "room again");
        Assert.Equal("""423["news","room again"]""", await ada.ReadAsync());
    }

    [Fact]
    public async Task A_client_is_sent_no_more_than_it_acks()
    {
        await using var stage = await InboxStage.StartAsync(inbox => inbox.MaxUnacked = 2);
        await using var client = await stage.JoinAsync("ada");
        for (var i = 0; i < 5; i++) await stage.Io.ToUser("ada").Durable.EmitAsync("news", i);

        Assert.Equal(["""420["news",0]""", """421["news",1]"""], await client.ReadAsync(2));
        await client.AssertAliveAsync();
        await client.SendAsync("431[]");
        Assert.Equal("""422["news",2]""", await client.ReadAsync());
        await client.AssertAliveAsync();
        await client.SendAsync("430[]", "432[]");
        Assert.Equal(["""423["news",3]""", """424["news",4]"""], await client.ReadAsync(2));
    }

    [Fact]
    public async Task A_client_that_gets_large_events_is_not_closed_as_too_slow()
    {
        await using var stage = await InboxStage.StartAsync(inbox => inbox.MaxBytes = 10 << 20, options => options.MaxQueuedBytes = 100_000);
        for (var i = 0; i < 20; i++) await stage.Io.ToUser("ada").Durable.EmitAsync("news", new string('x', 20_000));

        await using var client = await stage.JoinAsync("ada");
        for (var i = 0; i < 20; i++)
        {
            Assert.StartsWith($"42{i}[", await client.ReadAsync(), StringComparison.Ordinal);
            await client.SendAsync($"43{i}[]");
        }

        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task An_event_expires()
    {
        await using var stage = await InboxStage.StartAsync(inbox => inbox.MaxAge = TimeSpan.FromMinutes(1));
        await stage.Io.ToUser("ada").Durable.EmitAsync("old");
        stage.Host.Time.Advance(TimeSpan.FromSeconds(40));
        await stage.Io.ToUser("ada").Durable.EmitAsync("new");
        stage.Host.Time.Advance(TimeSpan.FromSeconds(30));

        await using var client = await stage.JoinAsync("ada");
        Assert.Equal("""420["new"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task A_namespace_that_a_client_names_cannot_be_taken_for_a_user_of_another_one()
    {
        await using var stage = await InboxStage.StartAsync(map: io => io.OfAny(_ => true).On("unused", () => { }));
        await stage.Io.ToUser("x user:ada").Durable.EmitAsync("news");

        await using var client = await SocketClient.ConnectAsync(stage.Host, query: "&user=ada");
        await client.SendAsync("40/ user:x,");
        Assert.StartsWith("40/ user:x,", await client.ReadAsync(), StringComparison.Ordinal);
        await client.SendAsync("40");
        Assert.StartsWith("40{", await client.ReadAsync(), StringComparison.Ordinal);
        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task Without_the_option_it_throws_and_there_is_no_room()
    {
        await using var stage = await Stage.StartAsync();
        var (_, socket) = await stage.JoinAsync();

        Assert.Throws<InvalidOperationException>(() => stage.Io.ToUser("ada"));
        Assert.Throws<InvalidOperationException>(() => socket.Durable);
        Assert.Equal([socket.Id], socket.Rooms);
    }
}
