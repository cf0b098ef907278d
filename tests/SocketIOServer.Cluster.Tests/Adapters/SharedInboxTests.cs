using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Inboxes;
using SocketIOServer.Testing;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>Servers of a cluster with one store of inboxes.</summary>
public sealed class SharedInboxTests
{
    [Fact]
    public async Task An_event_reaches_each_client_of_the_user_once_and_is_gone_for_all_after_the_first_ack()
    {
        var bus = new InProcessBus();
        using var store = new InMemoryInboxStore(1 << 20, new FakeClock());
        await using var first = await StartAsync(bus.Connect(), store);
        await using var second = await StartAsync(bus.Connect(), store);
        await using var here = await first.JoinAsync();
        await using var there = await second.JoinAsync();
        await using var chat = await second.JoinAsync("/chat");

        for (var i = 0; i < 20; i++) await (i % 2 == 0 ? first : second).Io.ToUser("ada").Durable.EmitAsync("news", i);
        await first.Io.Of("/chat").ToUser("ada").Durable.EmitAsync("of the namespace");

        // Both have been sent all of them before one of them acks.
        foreach (var client in new[] { here, there })
        {
            for (var i = 0; i < 20; i++) Assert.Equal($"""42{i}["news",{i}]""", await client.ReadAsync());
        }

        foreach (var client in new[] { here, there })
        {
            for (var i = 0; i < 20; i++) await client.Socket.SendAsync($"43{i}[]");
            await AssertAliveAsync(client, "");
        }

        Assert.Equal("""42/chat,0["of the namespace"]""", await chat.ReadAsync());
        await chat.Socket.SendAsync("43/chat,0[]");
        await AssertAliveAsync(chat, "/chat,");
        Assert.Equal(0, store.Count);
        await first.Io.ToUser("ada").EmitAsync("live");
        Assert.Equal("""42["live"]""", await there.ReadAsync());
        Assert.Empty(first.Host.Log.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_event_that_was_added_while_a_server_had_no_bus_arrives_when_it_has_one_again(bool isOfEmitter)
    {
        var medium = new InProcessBus();
        var lame = new FaultyBus(medium.Connect());
        using var store = new InMemoryInboxStore(1 << 20, new FakeClock());
        await using var first = await StartAsync(isOfEmitter ? lame : medium.Connect(), store);
        await using var second = await StartAsync(isOfEmitter ? medium.Connect() : lame, store);
        await using var client = await second.JoinAsync();
        // It has read its inbox.
        await AssertAliveAsync(client, "");
        lame.IsFrozen = lame.IsDown = true;
        await first.Io.ToUser("ada").Durable.EmitAsync("news");
        await AssertAliveAsync(client, "");

        lame.IsFrozen = lame.IsDown = false;

        Assert.Equal("""420["news"]""", await client.ReadAsync());
    }

    private static Task<Server> StartAsync(IClusterBus bus, IInboxStore store) => Server.StartAsync(
        bus,
        map: io => io.On("alive", () => "yes").Of("/chat").On("alive", () => "yes"),
        options: o => o.Inbox = new(),
        builder: builder => builder.Services.AddSingleton<IInboxStore>(store),
        use: app => app.Use((context, next) =>
        {
            context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "ada")], "test"));
            return next(context);
        }));

    private static async Task AssertAliveAsync(Client client, string prefix)
    {
        await client.Socket.SendAsync($"""42{prefix}99["alive"]""");
        Assert.Equal($"""43{prefix}99["yes"]""", await client.ReadAsync());
    }
}
