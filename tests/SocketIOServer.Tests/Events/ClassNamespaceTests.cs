using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Events;

/// <summary>A namespace as a class, made for each event.</summary>
public sealed class ClassNamespaceTests
{
    [Fact]
    public async Task Methods_are_handlers_with_services_arguments_and_acks()
    {
        await using var host = await StartAsync();
        await using var client = await JoinAsync(host, "ann");

        Assert.Equal("""43/rooms,1[{"room":"tea","members":1}]""", await client.AskAsync("""42/rooms,1["join","tea"]"""));
        Assert.Equal("""42/rooms,["message","ann: hi"]""", await client.AskAsync("""42/rooms,["post","tea","hi"]"""));
        Assert.Equal("""43/rooms,2[{"error":"no such room"}]""", await client.AskAsync("""42/rooms,2["join","coffee"]"""));
        Assert.Equal("43/rooms,3[7]", await client.AskAsync("""42/rooms,3["also this",3,4]"""));
        Assert.Equal("43/rooms,4[7]", await client.AskAsync("""42/rooms,4["sum",3,4]"""));
        Assert.Equal("""43/rooms,5[{"error":"invalid arguments"}]""", await client.AskAsync("""42/rooms,5["sum",3]"""));
    }

    [Fact]
    public async Task Each_call_has_an_instance_and_a_scope_of_its_own_that_ends_with_it()
    {
        await using var host = await StartAsync();
        await using var client = await JoinAsync(host, "ann");

        await client.AskAsync("""42/rooms,1["join","tea"]""");
        await client.AskAsync("""42/rooms,2["join","tea"]""");

        // One for each hook too.
        var store = host.Services.GetRequiredService<Log>();
        Assert.True(store.Made >= 4, $"{store.Made} made");
        await Eventually.TrueAsync(() => store.Made == store.Gone, () => $"{store.Gone} of {store.Made} gone");
    }

    [Fact]
    public async Task Its_hooks_run_and_Authorize_on_the_class_refuses()
    {
        await using var host = await StartAsync();
        await using (var client = await JoinAsync(host, "ann"))
        {
            Assert.Equal("connecting ann", await host.Services.GetRequiredService<Log>().Notes.NextAsync());
            Assert.Equal("connected ann", await host.Services.GetRequiredService<Log>().Notes.NextAsync());
            await client.CloseAsync();
        }

        Assert.Equal("disconnected ann transport close", await host.Services.GetRequiredService<Log>().Notes.NextAsync());
        await using var banned = await SocketClient.ConnectAsync(host, query: "&user=banned");
        Assert.Equal("""44/rooms,{"message":"you are banned","data":{"code":"connection_refused"}}""", await banned.AskAsync("40/rooms,"));
        await using var nobody = await SocketClient.ConnectAsync(host);
        Assert.Equal("""44/rooms,{"message":"unauthorized","data":{"code":"unauthorized"}}""", await nobody.AskAsync("40/rooms,"));
    }

    [Fact]
    public async Task Authorize_on_a_method_refuses_the_event()
    {
        await using var host = await StartAsync();
        await using var ann = await JoinAsync(host, "ann");
        await using var owner = await JoinAsync(host, "owner");

        Assert.Equal("""43/rooms,1[{"error":"forbidden"}]""", await ann.AskAsync("""42/rooms,1["close","tea"]"""));
        Assert.Equal("43/rooms,1[]", await owner.AskAsync("""42/rooms,1["close","tea"]"""));
    }

    [Fact]
    public async Task A_class_that_cannot_work_is_refused_at_start()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => TestHost.StartAsync(io => io.Of<Nothing>("/x")));
        await Assert.ThrowsAsync<ArgumentException>(() => TestHost.StartAsync(io => io.Of<Hidden>("/x")));
        await Assert.ThrowsAsync<ArgumentException>(() => TestHost.StartAsync(io => io.Of<AsyncVoid>("/x")));
        await Assert.ThrowsAsync<ArgumentException>(() => TestHost.StartAsync(io => io.Of<Reserved>("/x")));
        var error = await Assert.ThrowsAsync<ArgumentException>(() => TestHost.StartAsync(io => io.Of<Homeless>()));
        Assert.Contains("[Namespace", error.Message, StringComparison.Ordinal);
    }

    private static async Task<SocketClient> JoinAsync(TestHost host, string user)
    {
        var client = await SocketClient.ConnectAsync(host, query: "&user=" + user);
        Assert.StartsWith("40/rooms,", await client.AskAsync("40/rooms,"), StringComparison.Ordinal);
        return client;
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(
        io => io.Of<RoomsChat>(),
        build: builder =>
        {
            builder.Services.AddSingleton<Log>();
            builder.Services.AddScoped<Store>();
            builder.Services.AddAuthorization(options => options.AddPolicy("RoomOwner", policy => policy.RequireUserName("owner")));
        },
        use: app => app.Use((context, next) =>
        {
            if (context.Request.Query["user"].ToString() is { Length: > 0 } user)
                context.User = new(new ClaimsIdentity([new Claim(ClaimTypes.Name, user)], "test"));
            return next();
        }));

    internal sealed class Log
    {
        private int _made;
        private int _gone;

        public Inbox<string> Notes { get; } = new();

        public int Made => Volatile.Read(ref _made);

        public int Gone => Volatile.Read(ref _gone);

        public void Make() => Interlocked.Increment(ref _made);

        public void Lose() => Interlocked.Increment(ref _gone);
    }

    internal sealed class Store : IDisposable
    {
        private readonly Log _log;
        private readonly string _room = "tea";

        public Store(Log log)
        {
            _log = log;
            log.Make();
        }

        public bool Has(string room) => room == _room;

        public void Dispose() => _log.Lose();
    }

    [Namespace("/rooms"), Authorize]
    internal sealed class RoomsChat(Store store, Log log) : SocketController
    {
        public override Task OnConnectingAsync(CancellationToken cancel)
        {
            log.Notes.Add($"connecting {Socket.User.Identity!.Name}");
            return Socket.User.Identity.Name == "banned" ? throw new ConnectionRefusedException("you are banned") : Task.CompletedTask;
        }

        public override Task OnConnectedAsync(CancellationToken cancel)
        {
            log.Notes.Add($"connected {Socket.User.Identity!.Name}");
            return Task.CompletedTask;
        }

        public override Task OnDisconnectedAsync(LeaveReason reason)
        {
            log.Notes.Add($"disconnected {Socket.User.Identity!.Name} {reason}");
            return Task.CompletedTask;
        }

        [On("join")]
        public async Task<Joined> Join(string room, CancellationToken cancel)
        {
            if (!store.Has(room)) throw new AckException(new { error = "no such room" });
            await Socket.JoinAsync(room);
            return new(room, await Everyone.To(room).CountAsync(cancel));
        }

        [On("post")]
        public ValueTask Post(string room, string text) => Everyone.To(room).EmitAsync("message", $"{Socket.User.Identity!.Name}: {text}");

        [On("sum"), On("also this")]
        public static int Sum(int first, int second) => first + second;

        [On("close"), Authorize("RoomOwner")]
        public async Task Close(string room) => await Everyone.CloseRoomAsync(room);
    }

    internal sealed record Joined(string Room, int Members);

    internal sealed class Nothing : SocketController;

#pragma warning disable SIO003, SIO004, SIO006 // What is refused where no analyzer has seen it.
    internal sealed class Hidden : SocketController
    {
        [On("x")]
        private static int X() => 1;
    }

    internal sealed class AsyncVoid : SocketController
    {
        [On("x")]
        public static async void X() => await Task.Yield();
    }

    internal sealed class Reserved : SocketController
    {
        [On("connect")]
        public static int X() => 1;
    }
#pragma warning restore SIO003, SIO004, SIO006

    internal sealed class Homeless : SocketController
    {
        [On("x")]
        public static int X() => 1;
    }
}
