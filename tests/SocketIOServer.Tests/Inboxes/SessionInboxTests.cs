using SocketIOServer.Tests.Recovery;

namespace SocketIOServer.Tests.Inboxes;

/// <summary>Durable events of a socket reach its client after it has come back.</summary>
public sealed class SessionInboxTests
{
    [Fact]
    public async Task A_client_that_gets_its_session_back_gets_what_it_has_not_acked_and_nothing_else()
    {
        await using var stage = await RecoveryStage.StartAsync(options: o => o.Inbox = new());
        var (client, socket) = await stage.JoinAsync();
        for (var i = 0; i < 2; i++) await socket.Durable.EmitAsync("news", i);
        Assert.Equal(["""420["news",0]""", """421["news",1]"""], await client.Client.ReadAsync(2));
        await client.Client.SendAsync("430[]");
        await client.Client.AssertAliveAsync();

        await stage.CutAsync(client);
        await socket.Durable.EmitAsync("news", 2);
        var back = await stage.ReturnAsync(client);
        Assert.True(back.Recovered);
        Assert.Equal(["""420["news",1]""", """421["news",2]"""], await client.Client.ReadAsync(2));
        await client.Client.SendAsync("430[]", "431[]");
        await client.Client.AssertAliveAsync();

        await stage.CutAsync(client);
        back = await stage.ReturnAsync(client);
        await client.Client.AssertAliveAsync();
        await back.Durable.EmitAsync("news", 3);
        Assert.Equal("""420["news",3]""", await client.Client.ReadAsync());
    }

    [Fact]
    public async Task A_client_with_a_new_session_does_not_get_the_events_of_the_old_one()
    {
        await using var stage = await RecoveryStage.StartAsync(options: o => o.Inbox = new());
        var (client, socket) = await stage.JoinAsync();
        await socket.Durable.EmitAsync("news");
        await client.Client.ReadAsync();
        await stage.CutAsync(client);

        client.Pid = null;
        Assert.False((await stage.ReturnAsync(client)).Recovered);
        await client.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task Without_Recovery_it_throws()
    {
        await using var stage = await Stage.StartAsync(options: o => o.Inbox = new());
        var (_, socket) = await stage.JoinAsync();

        Assert.Throws<InvalidOperationException>(() => socket.Durable);
    }
}
