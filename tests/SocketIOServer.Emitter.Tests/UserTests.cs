using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;
using SocketIOServer.Inboxes;
using SocketIOServer.Testing;

namespace SocketIOServer.Emitter.Tests;

/// <summary>An emitter that sends to users, also to those who are away.</summary>
public sealed class UserTests : IAsyncLifetime
{
    private readonly InProcessBus _bus = new();
    private readonly InMemoryInboxStore _store = new(1 << 20, new FakeClock());
    private readonly List<Server> _servers = [];
    private string _user = "ada";

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 2; i++) _servers.Add(await StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
        _store.Dispose();
    }

    [Fact]
    public async Task An_event_reaches_each_socket_of_the_user_and_nobody_else()
    {
        await using var here = await _servers[0].JoinAsync();
        await using var there = await _servers[1].JoinAsync("/chat");
        _user = "bob";
        await using var other = await _servers[1].JoinAsync();
        await using var io = Create(withStore: false);

        await io.ToUser("ada").EmitAsync("news", 1);
        await io.Of("/chat").ToUser("ada").EmitAsync("news", 2);
        await io.EmitAsync("all");

        Assert.Equal(["""42["news",1]""", """42["all"]"""], await here.ReadAsync(2));
        Assert.Equal("""42/chat,["news",2]""", await there.ReadAsync());
        Assert.Equal("""42["all"]""", await other.ReadAsync());
    }

    [Fact]
    public async Task A_durable_event_reaches_who_is_there_and_who_comes_later_until_it_is_acked()
    {
        await using var io = Create(withStore: true);
        await using var here = await _servers[0].JoinAsync();
        await io.ToUser("ada").Durable.EmitAsync("news", 1);
        Assert.Equal("""420["news",1]""", await here.ReadAsync());
        await here.Socket.SendAsync("430[]");

        _user = "bob";
        await io.ToUser("bob").Durable.EmitAsync("news", 2);
        await using var later = await _servers[1].JoinAsync();
        Assert.Equal("""420["news",2]""", await later.ReadAsync());
    }

    [Fact]
    public async Task A_durable_event_without_a_store_says_what_is_missing()
    {
        await using var io = Create(withStore: false);

        Assert.Contains(nameof(IInboxStore), Assert.Throws<InvalidOperationException>(() => io.ToUser("ada").Durable).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => io.ToUser(""));
    }

    [Fact]
    public async Task The_limits_of_the_emitter_hold()
    {
        await using var io = Create(withStore: true, o => o.Inbox.MaxMessages = 1);
        await io.ToUser("ada").Durable.EmitAsync("news");

        await Assert.ThrowsAsync<InboxFullException>(() => io.ToUser("ada").Durable.EmitAsync("news").AsTask());
    }

    private ISocketEmitter Create(bool withStore, Action<SocketEmitterOptions>? configure = null) => SocketEmitter.Create(
        emitter =>
        {
            emitter.AddClusterBus(_ => _bus.Connect());
            if (withStore) emitter.Services.AddSingleton<IInboxStore>(_store);
        },
        configure);

    private Task<Server> StartAsync() => Server.StartAsync(
        _bus.Connect(),
        options: o => o.Inbox = new(),
        builder: builder => builder.Services.AddSingleton<IInboxStore>(_store),
        use: app => app.Use((context, next) =>
        {
            context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, _user)], "test"));
            return next(context);
        }));
}
