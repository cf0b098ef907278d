using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Adapters;
using SocketIOServer.Recovery;

namespace SocketIOServer.Tests.Recovery;

/// <summary>What is kept for clients that may come back is bounded, and ends.</summary>
public sealed class RecoveryStoreTests
{
    [Fact]
    public async Task After_the_window_nothing_is_kept()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var store = StoreOf(stage);
        for (var i = 0; i < 5; i++)
        {
            var (client, _) = await stage.JoinAsync("room");
            await stage.Io.EmitAsync("e", i);
            await stage.CutAsync(client);
        }

        Assert.Equal(5, store.SessionCount);
        Assert.True(store.Bytes > 0);
        for (var i = 0; i < 20; i++) stage.Host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal((0, 0L), (store.SessionCount, store.Bytes));
        Assert.Equal(0, stage.Host.Time.ArmedTimers);
    }

    [Fact]
    public async Task A_client_that_connects_and_cuts_in_a_loop_fills_no_memory_and_the_latest_come_back()
    {
        await using var stage = await RecoveryStage.StartAsync(recovery => recovery.MaxTotalBytes = 10_000);
        RecoveringClient client = null!;
        for (var i = 0; i < 60; i++)
        {
            (client, _) = await stage.JoinAsync();
            await stage.CutAsync(client);
        }

        Assert.InRange(StoreOf(stage).SessionCount, 1, 14);
        Assert.InRange(StoreOf(stage).Bytes, 1, 10_000);
        Assert.True((await stage.ReturnAsync(client)).Recovered);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_does_not_cost_a_client_its_session_that_was_there_before(bool namesNamespaces)
    {
        await using var stage = await RecoveryStage.StartAsync(recovery => recovery.MaxTotalBytes = 30_000, io => io.OfAny(_ => true).On("unused", () => { }));
        var (client, _) = await stage.JoinAsync();
        var others = new List<SocketClient>();
        for (var i = 0; i < 60; i++)
        {
            others.Add(await SocketClient.ConnectAsync(stage.Host));
            await others[^1].SendAsync(namesNamespaces ? $"40/named-{i}," : "40");
            await others[^1].ReadAsync();
            // Those who name namespaces are patient.
            if (!namesNamespaces && i == 0) stage.Host.Time.Advance(TimeSpan.FromSeconds(15));
        }

        if (namesNamespaces) stage.Host.Time.Advance(TimeSpan.FromSeconds(15));
        await stage.CutAsync(client);
        foreach (var other in others)
        {
            other.Raw.Abort();
            await other.DisposeAsync();
        }

        await Eventually.TrueAsync(() => stage.Host.Services.GetRequiredService<SocketServer>().Engines[0].Sessions.Count == 0, "all have gone");
        Assert.InRange(StoreOf(stage).Bytes, 1, 30_000);
        await client.ConnectAsync();
        Assert.True(client.Recovered);
    }

    [Fact]
    public async Task A_session_that_was_nearly_taken_does_not_hide_the_later_ones_from_a_server_that_stops()
    {
        var isAsked = new TaskCompletionSource();
        var goesOn = new TaskCompletionSource();
        await using var stage = await RecoveryStage.StartAsync(
            recovery => recovery.RunOnConnecting = true,
            io => io.OnConnecting(async (ISocket socket) =>
            {
                if (!socket.Recovered) return;
                isAsked.SetResult();
                await goesOn.Task;
            }));
        stage.Host.Services.GetRequiredService<SocketServer>().Find("/")!.Context.Recovery!.Others = new NoOwners();
        var (first, _) = await stage.JoinAsync();
        var (second, _) = await stage.JoinAsync();
        await stage.CutAsync(first);
        stage.Host.Time.Advance(TimeSpan.FromSeconds(8));
        await using (var back = await SocketClient.ConnectAsync(stage.Host))
        {
            await back.SendAsync($$"""40{"pid":"{{first.Pid}}"}""");
            await isAsked.Task.Soon();
            await stage.CutAsync(second);
            back.Raw.Abort();
        }

        await Eventually.TrueAsync(() => stage.Host.Services.GetRequiredService<SocketServer>().Engines[0].Sessions.Count == 0, "the connection has ended");
        goesOn.SetResult();
        await Eventually.TrueAsync(() => StoreOf(stage).SessionCount == 2, "the session is kept again");
        stage.Host.Time.Advance(TimeSpan.FromSeconds(4));

        Assert.True(StoreOf(stage).IsAwaited(TimeSpan.FromSeconds(10)));
        stage.Host.Time.Advance(TimeSpan.FromSeconds(7));
        Assert.False(StoreOf(stage).IsAwaited(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task What_a_client_has_said_in_its_handshake_is_not_kept()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var handshake = await CutWithLargeAuthAsync(stage);

        await Eventually.TrueAsync(
            () =>
            {
                GC.Collect();
                return !handshake.IsAlive;
            },
            "the handshake is collected");
        Assert.Equal(1, StoreOf(stage).SessionCount);
    }

    [Fact]
    public async Task Namespaces_whose_names_clients_choose_count_as_memory()
    {
        await using var stage = await RecoveryStage.StartAsync(recovery => recovery.MaxTotalBytes = 100_000, io => io.OfAny(_ => true).On("unused", () => { }));
        for (var i = 0; i < 30; i++)
        {
            var client = await stage.CreateClient($"/any-{i}").ConnectAsync();
            client.Cut();
            await Eventually.TrueAsync(() => stage.Io.Of($"/any-{i}").FindSocket(client.Sid) is null, "the server has noticed");
        }

        await Eventually.TrueAsync(() => StoreOf(stage).Bytes <= 100_000, () => $"{StoreOf(stage).Bytes} bytes");
        Assert.InRange(StoreOf(stage).SessionCount, 1, 12);
    }

    [Fact]
    public async Task The_names_of_rooms_that_a_socket_has_left_count_as_memory()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync();
        for (var i = 0; i < 32; i++)
        {
            await stage.Io.EmitAsync("e");
            var room = new string('x', 1000) + i;
            await socket.JoinAsync(room);
            await socket.LeaveAsync(room);
        }

        await stage.CutAsync(client);

        Assert.InRange(StoreOf(stage).Bytes, 64 * 2000, 64 * 3000);
    }

    [Fact]
    public async Task A_clock_that_throws_spoils_no_later_event()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var clock = new ThrowingClock();
        var context = stage.Host.Services.GetRequiredService<SocketServer>().Context;
        var log = new EventLog(new(), TimeSpan.FromMinutes(1), context.RecoveryStore!, context.Parser, [], clock);
        var @event = log.Prepare(context.Encoder.EventArgs([], "e", []));

        Assert.Throws<NotSupportedException>(() => log.Append(@event, Target.Everyone));
        Assert.Equal((default, default), (log.Position, log.TrimmedTo));
        clock.Throws = false;
        log.Append(@event, Target.Everyone);
        Assert.Same(@event.Event, log[0].Message);
    }

    [Fact]
    public async Task Events_are_kept_by_bytes_too()
    {
        await using var stage = await RecoveryStage.StartAsync(recovery => recovery.MaxBytes = 5_000);
        for (var i = 0; i < 100; i++) await stage.Io.EmitAsync("e", new string('x', 1_000));

        Assert.InRange(StoreOf(stage).Bytes, 1_000, 5_000);
    }

    [Fact]
    public async Task A_socket_that_changes_its_rooms_all_the_time_is_recovered_if_nothing_was_lost_on_the_way()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync();
        for (var i = 0; i < 200; i++)
        {
            await socket.JoinAsync($"room {i}");
            await socket.LeaveAsync($"room {i}");
            await stage.Io.EmitAsync("e", i);
            await client.ReadAsync();
        }

        await stage.CutAsync(client);
        await stage.Io.EmitAsync("missed");
        Assert.True((await stage.ReturnAsync(client)).Recovered);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(90_000, 1, 1, 1)]
    [InlineData(60, 0, 1, 1)]
    [InlineData(60, 1, 0, 1)]
    [InlineData(60, 1, 1, 0)]
    public void Options_that_cannot_be_are_refused_at_the_start(int seconds, int messages, long bytes, long total)
    {
        var options = new SocketServerOptions { Recovery = new() { Window = TimeSpan.FromSeconds(seconds), MaxMessages = messages, MaxBytes = bytes, MaxTotalBytes = total } };

        Assert.Throws<ArgumentOutOfRangeException>(options.ValidateAll);
    }

    [Fact]
    public async Task It_does_not_start_with_an_adapter_that_keeps_no_events() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(
            options: options => options.Recovery = new(),
            build: builder => builder.Services.AddSocketIO().UseAdapter(_ => new OtherAdapter())));

    // Not inlined, so that no local of the test keeps the handshake.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> CutWithLargeAuthAsync(RecoveryStage stage)
    {
        var client = stage.CreateClient();
        var socket = await stage.ReturnAsync(client, $"{{\"large\":\"{new string('x', 100_000)}\"}}");
        await stage.CutAsync(client);
        return new(socket.Handshake);
    }

    private sealed class ThrowingClock : TimeProvider
    {
        public bool Throws { get; set; } = true;

        public override long GetTimestamp() => Throws ? throw new NotSupportedException() : base.GetTimestamp();
    }

    private sealed class OtherAdapter : Adapter
    {
        public override void Add(Member member) => throw new NotSupportedException();

        public override IReadOnlyCollection<string> Remove(Member member) => throw new NotSupportedException();

        public override void Join(Member member, ReadOnlySpan<string> rooms) => throw new NotSupportedException();

        public override void Leave(Member member, ReadOnlySpan<string> rooms) => throw new NotSupportedException();

        public override IReadOnlyCollection<string> RoomsOf(Member member) => throw new NotSupportedException();

        public override Member? Find(string socketId) => throw new NotSupportedException();

        public override ValueTask BroadcastAsync(EncodedEvent @event, Target target) => throw new NotSupportedException();

        public override ValueTask CallAsync(BroadcastCall call, Target target, CancellationToken cancel) => throw new NotSupportedException();

        public override ValueTask<IReadOnlyList<SocketSnapshot>> FetchAsync(Target target, CancellationToken cancel) => throw new NotSupportedException();

        public override ValueTask<int> CountAsync(Target target, CancellationToken cancel) => throw new NotSupportedException();

        public override ValueTask<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel) => throw new NotSupportedException();

        public override ValueTask JoinAsync(Target target, ImmutableArray<string> rooms) => throw new NotSupportedException();

        public override ValueTask LeaveAsync(Target target, ImmutableArray<string> rooms) => throw new NotSupportedException();

        public override ValueTask DisconnectAsync(Target target, bool close) => throw new NotSupportedException();
    }

    private static SocketIOServer.Recovery.RecoveryStore StoreOf(RecoveryStage stage) => stage.Host.Services.GetRequiredService<SocketServer>().Context.RecoveryStore!;

    private sealed class NoOwners : ISessionOwners
    {
        public bool Any => true;

        public Task<(string? Record, string? Failure)> TakeRecordAsync(RecoveryRequest request, string? userId) => throw new NotSupportedException();

        public Task<(MovedSession? Session, string? Failure)> TakeAsync(RecoveryRequest request, string? userId) =>
            Task.FromResult<(MovedSession?, string?)>((null, RecoveryFailure.Unknown));
    }
}
