using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Events;
using SocketIOServer.Inboxes;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>What one server keeps of the events of a session goes along when its client comes to another server.</summary>
public sealed class MovedEventsTests : IAsyncLifetime
{
    private readonly InProcessBus _bus = new();
    private readonly List<Server> _servers = [];
    private readonly List<RecoveringClient> _clients = [];
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _user;
    private int _handled;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 2; i++) _servers.Add(await StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task An_event_that_was_handled_gets_its_ack_from_the_new_server()
    {
        var client = await JoinAsync();
        Assert.Equal("""430["tea",1]""", await AskAsync(client, """420["order","tea","k1"]"""));
        Assert.Equal(["""461-1[{"_placeholder":true,"num":0},"é\""]""", "b:01ff"], await AskTwoAsync(client, """421["binary","k2"]"""));
        await MoveAsync(client);

        Assert.Equal("""430["tea",1]""", await AskAsync(client, """420["order","tea","k1"]"""));
        Assert.Equal(["""461-1[{"_placeholder":true,"num":0},"é\""]""", "b:01ff"], await AskTwoAsync(client, """421["binary","k2"]"""));
        Assert.Equal("""432["tea",3]""", await AskAsync(client, """422["order","tea","k3"]"""));
        // The old server keeps nothing for a session that is not there.
        Assert.Equal([0, 3], _servers.Select(KeysOf));
    }

    [Fact]
    public async Task An_event_that_is_being_handled_is_waited_for()
    {
        var client = await JoinAsync();
        await client.Client.SendAsync("""420["slow","k1"]""");
        await _begun.Task;
        await CutAsync(client);
        var returning = ReturnAsync(client);
        _release.SetResult();
        await returning;

        Assert.Equal("""430[1]""", await AskAsync(client, """420["slow","k1"]"""));
    }

    [Fact]
    public async Task A_handler_that_does_not_end_does_not_keep_the_client_from_its_session()
    {
        var client = await JoinAsync();
        await client.Client.SendAsync("""420["slow","k1"]""");
        await _begun.Task;
        await CutAsync(client);
        var returning = ReturnAsync(client);
        while (await Task.WhenAny(returning, Task.Delay(5)) != returning) _servers[0].Host.Time.Advance(TimeSpan.FromMilliseconds(100));
        await returning;
    }

    [Fact]
    public async Task Keys_of_a_user_go_along_and_stay_for_the_users_other_sockets()
    {
        _user = "ada";
        var (client, other) = (await JoinAsync(), await JoinAsync());
        Assert.Equal("""430["tea",1]""", await AskAsync(client, """420["order","tea","k1"]"""));
        await MoveAsync(client);

        Assert.Equal("""430["tea",1]""", await AskAsync(client, """420["order","tea","k1"]"""));
        Assert.Equal("""430["tea",1]""", await AskAsync(other, """420["order","tea","k1"]"""));
    }

    [Fact]
    public async Task The_latest_hundred_keys_go_along()
    {
        var client = await JoinAsync();
        for (var i = 0; i < 101; i++) await AskAsync(client, $"""420["order","tea","k{i}"]""");
        await MoveAsync(client);

        Assert.Equal("""430["tea",101]""", await AskAsync(client, """420["order","tea","k100"]"""));
        Assert.Equal("""430["tea",2]""", await AskAsync(client, """420["order","tea","k1"]"""));
        Assert.Equal("""430["tea",102]""", await AskAsync(client, """420["order","tea","k0"]"""));
    }

    [Fact]
    public async Task Durable_events_that_were_not_acked_go_along_in_their_order()
    {
        var client = await JoinAsync();
        var socket = _servers[0].Io.Of("/").FindSocket(client.Sid)!;
        for (var i = 0; i < 3; i++) await socket.Durable.EmitAsync("news", i, new byte[] { 1, 255 });
        for (var i = 0; i < 3; i++) Assert.Equal([$$"""451-{{i}}["news",{{i}},{"_placeholder":true,"num":0}]""", "b:01ff"], await ReadTwoAsync(client));
        await client.Client.SendAsync("430[]");
        await Eventually.TrueAsync(() => InboxesOf(_servers[0]).Count == 2, "the ack has come");
        await MoveAsync(client);

        for (var i = 0; i < 2; i++) Assert.Equal([$$"""451-{{i}}["news",{{i + 1}},{"_placeholder":true,"num":0}]""", "b:01ff"], await ReadTwoAsync(client));
        await _servers[1].Io.Of("/").FindSocket(client.Sid)!.Durable.EmitAsync("news", 3);
        Assert.Equal("""422["news",3]""", await client.Client.ReadAsync());
        Assert.Equal([0L, 3L], _servers.Select(server => InboxesOf(server).Count));
    }

    [Fact]
    public async Task A_durable_event_by_the_old_socket_is_refused_because_nobody_would_get_it()
    {
        var client = await JoinAsync();
        var socket = _servers[0].Io.Of("/").FindSocket(client.Sid)!;
        await MoveAsync(client);

        await Assert.ThrowsAsync<InvalidOperationException>(() => socket.Durable.EmitAsync("news").AsTask());
    }

    private static InMemoryInboxStore InboxesOf(Server server) => ContextOf(server).OwnInboxes!;

    private static int KeysOf(Server server) => ContextOf(server).Retries.Count;

    private static ServerContext ContextOf(Server server) => server.Host.Services.GetRequiredService<SocketServer>().Context;

    private static async Task<string> AskAsync(RecoveringClient client, string packet)
    {
        await client.Client.SendAsync(packet);
        return await client.Client.ReadAsync();
    }

    private static async Task<string[]> AskTwoAsync(RecoveringClient client, string packet)
    {
        await client.Client.SendAsync(packet);
        return await ReadTwoAsync(client);
    }

    private static async Task<string[]> ReadTwoAsync(RecoveringClient client) => [await client.Client.ReadAsync(), await client.Client.ReadAsync()];

    private async Task<RecoveringClient> JoinAsync()
    {
        var client = new RecoveringClient(_servers[0].Host);
        _clients.Add(client);
        return await client.ConnectAsync();
    }

    private async Task MoveAsync(RecoveringClient client)
    {
        await CutAsync(client);
        await ReturnAsync(client);
    }

    private async Task CutAsync(RecoveringClient client)
    {
        client.Cut();
        await Eventually.TrueAsync(() => _servers[0].Io.Of("/").FindSocket(client.Sid) is null, "the server has noticed");
    }

    private async Task ReturnAsync(RecoveringClient client)
    {
        client.Host = _servers[1].Host;
        await client.ConnectAsync();
        Assert.True(client.Recovered);
    }

    private Task<Server> StartAsync() => Server.StartAsync(
        _bus.Connect(),
        map: io => io
            .On("order", (string what, [RetryKey] string key) => (what, Interlocked.Increment(ref _handled)))
            .On("binary", ([RetryKey] string key) =>
            {
                Interlocked.Increment(ref _handled);
                return (new byte[] { 1, 255 }, "é\"");
            })
            .On("slow", async ([RetryKey] string key) =>
            {
                var handled = Interlocked.Increment(ref _handled);
                _begun.SetResult();
                await _release.Task;
                return handled;
            }),
        options: o => (o.Recovery, o.Inbox) = (new(), new()),
        use: app => app.Use((context, next) =>
        {
            if (_user is not null) context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, _user)], "test"));
            return next(context);
        }));
}
