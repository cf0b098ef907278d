using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Events;

/// <summary>Parameters that do not come from the client: the socket, the server, services.</summary>
public sealed class GivenParameterTests
{
    [Fact]
    public async Task A_handler_is_given_the_socket_the_server_and_the_namespace()
    {
        await using var host = await TestHost.StartAsync(io => io.Of("/chat").On("who", (ISocket socket, ISocketServer server, ISocketNamespace chat, Handshake handshake, CancellationToken gone) =>
            (socket.Namespace, server.Name, chat.Name, ReferenceEquals(handshake, socket.Handshake), gone.IsCancellationRequested)));
        await using var client = await SocketClient.JoinAsync(host, "/chat");

        Assert.Equal("""43/chat,1["/chat","/","/chat",true,false]""", await client.AskAsync("""42/chat,1["who"]"""));
    }

    [Fact]
    public async Task The_server_is_the_one_of_the_services()
    {
        ISocketServer? given = null;
        await using var host = await TestHost.StartAsync(io => io.On("who", (ISocketServer server) => (given = server) is not null));
        await using var client = await SocketClient.JoinAsync(host);

        await client.AskAsync("""421["who"]""");

        Assert.Same(host.Services.GetRequiredService<ISocketServer>(), given);
    }

    [Fact]
    public async Task A_handler_is_given_the_user_of_the_first_request()
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "ann")], "test"));
        await using var host = await TestHost.StartAsync(
            io => io.On("who", (ClaimsPrincipal principal, ISocket socket) => (principal.FindFirstValue(ClaimTypes.NameIdentifier), socket.UserId)),
            use: app => app.Use((context, next) =>
            {
                context.User = user;
                return next(context);
            }));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431["ann","ann"]""", await client.AskAsync("""421["who"]"""));
    }

    [Fact]
    public async Task The_handshake_tells_of_the_first_request()
    {
        await using var host = await TestHost.StartAsync(io => io.On("who", (Handshake first) =>
            (first.Query["user"].ToString(), first.Headers["X-Mine"].ToString(), first.Address, first.IsSecure, first.Url)));
        await using var client = await SocketClient.OpenAsync(host, query: "&user=ann", options: options => options.SetRequestHeader("X-Mine", "yes"));
        await client.ReadAsync();
        await client.AskAsync("40");

        Assert.Equal(
            """431["ann","yes","127.0.0.1",false,"/socket.io/?EIO=4&transport=websocket&user=ann"]""", await client.AskAsync("""421["who"]"""));
    }

    [Fact]
    public async Task A_scoped_service_is_new_for_each_event_and_disposed_behind_it()
    {
        var notes = new Inbox<string>();
        await using var host = await StartAsync(notes, io => io.On("use", async (Scoped service) =>
        {
            await Task.Yield();
            notes.Add("used " + service.Number);
        }));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["use"]""", """42["use"]""");

        Assert.Equal(["used 1", "disposed 1", "used 2", "disposed 2"], await notes.NextAsync(4));
    }

    [Fact]
    public async Task A_scoped_service_of_a_handler_that_fails_is_disposed_too()
    {
        var notes = new Inbox<string>();
        await using var host = await StartAsync(notes, io => io.On("use", void (Scoped service) => throw new InvalidOperationException("no " + service.Number)));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["use"]""");

        Assert.Equal("disposed 1", await notes.NextAsync());
    }

    [Fact]
    public async Task A_scoped_service_of_a_hook_is_disposed_behind_it()
    {
        var notes = new Inbox<string>();
        await using var host = await StartAsync(notes, io => io.OnConnected((Scoped service) => notes.Add("used " + service.Number)));

        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal(["used 1", "disposed 1"], await notes.NextAsync(2));
    }

    [Fact]
    public async Task A_scoped_service_of_OnConnecting_is_disposed_behind_it()
    {
        var notes = new Inbox<string>();
        await using var host = await StartAsync(notes, io => io.OnConnecting((Scoped service) => notes.Add("used " + service.Number)));

        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal(["used 1", "disposed 1"], await notes.NextAsync(2));
    }

    [Fact]
    public async Task A_service_that_fails_to_be_disposed_is_logged_and_ends_nothing()
    {
        await using var host = await TestHost.StartAsync(
            io => io.On("use", (Broken service) => service is not null).OnPing(),
            build: builder => builder.Services.AddScoped<Broken>());
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("431[true]", await client.AskAsync("""421["use"]"""));
        await client.AssertAliveAsync();

        Assert.Equal("broken", Assert.Single(host.Log.Errors).Exception!.Message);
    }

    [Fact]
    public async Task A_hook_is_told_why_a_client_left()
    {
        var reasons = new Inbox<LeaveReason>();
        await using var host = await TestHost.StartAsync(io => io.OnDisconnected((LeaveReason why) => reasons.Add(why)));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("41");

        Assert.Equal(LeaveReason.ClientNamespaceDisconnect, await reasons.NextAsync());
    }

    private static Task<TestHost> StartAsync(Inbox<string> notes, Action<SocketEndpointBuilder> map)
    {
        var count = 0;
        return TestHost.StartAsync(map, build: builder => builder.Services.AddScoped(_ => new Scoped(Interlocked.Increment(ref count), notes)));
    }

    private sealed class Scoped(int number, Inbox<string> notes) : IAsyncDisposable
    {
        public int Number => number;

        public ValueTask DisposeAsync()
        {
            notes.Add("disposed " + number);
            return default;
        }
    }

    private sealed class Broken : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => throw new InvalidOperationException("broken");
    }
}
