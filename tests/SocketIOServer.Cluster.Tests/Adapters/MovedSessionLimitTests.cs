using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A client comes to another server, whose log is too short for what is sent meanwhile.</summary>
public sealed class MovedSessionLimitTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_begins_a_new_session_after_all_is_not_let_in_without_OnConnecting(bool runsOnConnecting)
    {
        await using var move = await Move.BeginAsync(options => options.Recovery = new() { MaxMessages = 3, RunOnConnecting = runsOnConnecting }, Guard);
        for (var i = 0; i < 4; i++) await move.Next.Io.EmitAsync("missed", i);
        await move.EndAsync();

        Assert.False(move.Client.Recovered);
        var socket = move.Next.Io.Of("/").FindSocket(move.Client.Sid)!;
        Assert.Equal(["guarded", move.Client.Sid], socket.Rooms.OrderBy(room => room == move.Client.Sid));
        Assert.Equal("new", socket.Data.Get<string>("session"));

        static void Guard(SocketEndpointBuilder io) => io.OnConnecting(async (ISocket socket) =>
        {
            socket.Data.Set("session", socket.Recovered ? "recovered" : "new");
            await socket.JoinAsync("guarded");
        });
    }

    [Fact]
    public async Task A_server_that_hears_late_keeps_the_client_that_has_come_to_it_meanwhile()
    {
        var medium = new InProcessBus();
        var late = new LateBus(medium.Connect());
        await using var first = await Server.StartAsync(medium.Connect(), options: Recover);
        await using var second = await Server.StartAsync(medium.Connect(), options: Recover);
        await using var third = await Server.StartAsync(late, options: Recover);
        await using var client = await new RecoveringClient(first.Host).ConnectAsync();
        late.Hold();
        client.Cut();
        client.Host = second.Host;
        await client.ConnectAsync();
        Assert.True(client.Recovered);

        client.Cut();
        client.Host = third.Host;
        var published = (second.Bus.Statistics.Published, third.Bus.Statistics.Published);
        var connecting = client.ConnectAsync();
        await Eventually.TrueAsync(() => second.Bus.Statistics.Published > published.Item1, "the answer of the second");
        // It hears the question of the second server before the answer to its own.
        late.GoOn();
        await connecting;
        await Eventually.TrueAsync(() => third.Bus.Statistics.Published >= published.Item2 + 2, "its question, and its answer to the second");
        await third.Io.EmitAsync("live");

        Assert.True(client.Recovered);
        Assert.Equal("""["live"]""", await client.ReadAsync());
        Assert.NotNull(third.Io.Of("/").FindSocket(client.Sid));

        static void Recover(SocketServerOptions options) => options.Recovery = new();
    }

    [Fact]
    public async Task It_gets_what_its_server_has_not_heard_however_late_that_is()
    {
        var medium = new InProcessBus();
        var late = new LateBus(medium.Connect());
        await using var old = await Server.StartAsync(late, options: Recover);
        await using var next = await Server.StartAsync(medium.Connect(), options: Recover);
        await using var client = await new RecoveringClient(old.Host).ConnectAsync();
        await Eventually.TrueAsync(() => old.Io.Cluster.Nodes.Count == 2 && next.Io.Cluster.Nodes.Count == 2, "they know each other");
        await next.Io.EmitAsync("first");
        Assert.Equal("""["first"]""", await client.ReadAsync());
        // Questions overtake events.
        late.Hold(static message => message.AsSpan().IndexOf("missed"u8) >= 0);
        await next.Io.EmitAsync("missed");
        next.Host.Time.Advance(TimeSpan.FromSeconds(3));
        client.Cut();
        client.Host = next.Host;
        await client.ConnectAsync();
        await next.Io.EmitAsync("live");

        Assert.True(client.Recovered);
        Assert.Equal(["""["missed"]""", """["live"]"""], await client.ReadAsync(2));
        late.GoOn();

        static void Recover(SocketServerOptions options) => options.Recovery = new();
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public async Task It_gets_all_that_was_sent_on_the_way_or_begins_a_new_session(int events, bool isRecovered)
    {
        await using var move = await Move.BeginAsync(options => options.Recovery = new() { MaxMessages = 3 });
        // The other server has given the session away, and this one has not heard it yet.
        for (var i = 0; i < events; i++) await move.Next.Io.EmitAsync("missed", i);
        await move.EndAsync();
        await move.Next.Io.EmitAsync("last");

        Assert.Equal(isRecovered, move.Client.Recovered);
        List<string> expected = [.. Enumerable.Range(0, isRecovered ? events : 0).Select(i => $"""["missed",{i}]"""), """["last"]"""];
        Assert.Equal(expected, await move.Client.ReadAsync(expected.Count));
    }

    [Theory]
    [InlineData("next", "room", true)]
    [InlineData("old", "room", true)]
    [InlineData("next", "other", false)]
    public async Task What_is_done_to_its_room_while_no_server_has_it_is_not_lost(string by, string room, bool isForIt)
    {
        await using var move = await Move.BeginAsync(options => options.Recovery = new());
        await (by == "next" ? move.Next : move.Old).Io.To(room).DisconnectAsync();
        await move.EndAsync();

        Assert.Equal(!isForIt, move.Client.Recovered);
    }

    [Fact]
    public async Task What_its_server_has_not_heard_yet_is_not_lost()
    {
        var medium = new InProcessBus();
        var late = new LateBus(medium.Connect());
        await using var old = await Server.StartAsync(late, options: Recover);
        await using var next = await Server.StartAsync(medium.Connect(), options: Recover);
        await using var client = await new RecoveringClient(old.Host).ConnectAsync();
        await Eventually.TrueAsync(() => old.Io.Cluster.Nodes.Count == 2 && next.Io.Cluster.Nodes.Count == 2, "they know each other");
        await old.Io.Of("/").FindSocket(client.Sid)!.JoinAsync("banned");
        client.Cut();
        await Eventually.TrueAsync(() => old.Io.Of("/").FindSocket(client.Sid) is null, "the server has noticed");
        late.Hold(static message => message.AsSpan().IndexOf("banned"u8) >= 0);
        await next.Io.To("banned").DisconnectAsync();
        client.Host = next.Host;
        await client.ConnectAsync();

        Assert.False(client.Recovered);
        late.GoOn();

        static void Recover(SocketServerOptions options) => options.Recovery = new();
    }

    [Theory]
    [InlineData(RoomChannels.Static, true, 0)]
    [InlineData(RoomChannels.Dynamic, true, 1)]
    [InlineData(RoomChannels.DynamicPrivate, true, 1)]
    [InlineData(RoomChannels.Dynamic, false, 0)]
    public async Task A_server_whose_sessions_cannot_move_says_so_at_its_start(RoomChannels rooms, bool hasRecovery, int lines)
    {
        await using var server = await Server.StartAsync(new InProcessBus().Connect(), () => new JsonWire(rooms: rooms), options: options => options.Recovery = hasRecovery ? new() : null);

        Assert.Equal(lines, server.Host.Log.Lines.Count(line => line.Id.Id == 140));
    }

    [Fact]
    public async Task A_clock_that_throws_while_the_others_are_asked_costs_one_attempt()
    {
        var medium = new InProcessBus();
        var clock = new ClockOfQuestions();
        await using var old = await Server.StartAsync(medium.Connect(), options: options => options.Recovery = new());
        await using var next = await Server.StartAsync(medium.Connect(), options: options => options.Recovery = new(), builder: web => web.Services.AddSingleton<TimeProvider>(clock));
        await using var client = await new RecoveringClient(old.Host).ConnectAsync();
        await Eventually.TrueAsync(() => next.Io.Cluster.Nodes.Count == 2, "they know each other");
        client.Cut();
        client.Host = next.Host;
        clock.Throws = true;
        await Record.ExceptionAsync(() => client.ConnectAsync());
        clock.Throws = false;
        client.Cut();

        await client.ConnectAsync();

        Assert.DoesNotContain(next.Host.Log.Lines, line => line.Text.Contains(": in_use", StringComparison.Ordinal));
    }

    // Of the timestamps, that of the question's deadline alone.
    private sealed class ClockOfQuestions : TimeProvider
    {
        public bool Throws { get; set; }

        public override long GetTimestamp() =>
            Throws && Environment.StackTrace.Contains("AskForAsync", StringComparison.Ordinal) ? throw new NotSupportedException("clock") : base.GetTimestamp();
    }

    /// <summary>A client in a room comes to another server, which does not hear the answer of the old one yet.</summary>
    private sealed class Move(LateBus late, Server old, Server next, RecoveringClient client, Task connecting) : IAsyncDisposable
    {
        public Server Old => old;

        public Server Next => next;

        public RecoveringClient Client => client;

        public static async Task<Move> BeginAsync(Action<SocketServerOptions> options, Action<SocketEndpointBuilder>? map = null)
        {
            var medium = new InProcessBus();
            var late = new LateBus(medium.Connect());
            var old = await Server.StartAsync(medium.Connect(), map: map, options: options);
            var next = await Server.StartAsync(late, map: map, options: options);
            var client = await new RecoveringClient(old.Host).ConnectAsync();
            await old.Io.Of("/").FindSocket(client.Sid)!.JoinAsync("room");
            client.Cut();
            await Eventually.TrueAsync(() => old.Io.Of("/").FindSocket(client.Sid) is null, "the server has noticed");
            var published = old.Bus.Statistics.Published;
            late.Hold();
            client.Host = next.Host;
            var connecting = client.ConnectAsync();
            await Eventually.TrueAsync(() => old.Bus.Statistics.Published > published, "the answer");
            return new(late, old, next, client, connecting);
        }

        public Task EndAsync()
        {
            late.GoOn();
            return connecting;
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await next.DisposeAsync();
            await old.DisposeAsync();
        }
    }
}
