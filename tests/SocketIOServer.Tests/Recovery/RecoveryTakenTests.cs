namespace SocketIOServer.Tests.Recovery;

/// <summary>What the program does to the id of a socket while its client comes back and the program is still asked about it.</summary>
public sealed class RecoveryTakenTests
{
    [Fact]
    public async Task A_socket_that_is_disconnected_by_its_id_while_its_client_comes_back_begins_a_new_session()
    {
        await using var stage = await ReturningClient.StartAsync();

        await stage.Old.DisconnectAsync();
        await stage.GoOnAsync();

        Assert.False(stage.Client.Recovered);
        Assert.NotEqual(stage.Old.Id, stage.Client.Sid);
        Assert.Equal([stage.Back.Id], stage.Back.Rooms);
    }

    [Fact]
    public async Task Rooms_that_change_by_the_id_of_the_socket_while_its_client_comes_back_hold_for_it()
    {
        await using var stage = await ReturningClient.StartAsync();

        await stage.Io.To("team").EmitAsync("before");
        await stage.Old.JoinAsync("team");
        await stage.Io.To("team").EmitAsync("after");
        await stage.Io.To(stage.Old.Id).LeaveAsync("old");
        await stage.Io.To("old").EmitAsync("not in old any more");
        await stage.GoOnAsync();

        Assert.True(stage.Client.Recovered);
        Assert.Equal("""["after"]""", await stage.Client.ReadAsync());
        Assert.Equal(["team"], stage.Back.Rooms.Where(room => room != stage.Back.Id));
        await stage.Io.To("team").EmitAsync("live");
        Assert.Equal("""["live"]""", await stage.Client.ReadAsync());
    }

    [Fact]
    public async Task They_hold_too_if_the_client_goes_again_before_it_is_let_in()
    {
        await using var stage = await ReturningClient.StartAsync();

        await stage.Old.JoinAsync("team");
        stage.Cut();
        await stage.Io.To("team").EmitAsync("missed");
        await stage.GoOnAsync();

        Assert.True(stage.Client.Recovered);
        Assert.Equal("""["missed"]""", await stage.Client.ReadAsync());
        Assert.Contains("team", stage.Back.Rooms);
    }

    [Fact]
    public async Task An_observer_of_rooms_that_waits_for_an_emit_of_another_thread_does_not_hold_up_the_namespace()
    {
        var isEmitted = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        ReturningClient? returning = null;
        await using var stage = returning = await ReturningClient.StartAsync(io => io.OnRoomChanged(change =>
        {
            if (change is { Kind: RoomChangeKind.Joined, Room: "team" }) isEmitted.TrySetResult(Task.Run(() => returning!.Io.EmitAsync("joined").AsTask()).Wait(TimeSpan.FromSeconds(5)));
        }));

        await stage.Old.JoinAsync("team");
        await stage.GoOnAsync();

        Assert.True(await isEmitted.Task.Soon());
    }

    /// <summary>A client that was in the room "old", and about which OnConnecting is just asked again.</summary>
    private sealed class ReturningClient : IAsyncDisposable
    {
        private readonly TaskCompletionSource _isAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private RecoveryStage _stage = null!;
        private SocketClient? _cut;
        private Task<RecoveringClient>? _returning;

        public ISocketServer Io => _stage.Io;

        public RecoveringClient Client { get; private set; } = null!;

        public ISocket Old { get; private set; } = null!;

        public ISocket Back { get; private set; } = null!;

        public static async Task<ReturningClient> StartAsync(Action<SocketEndpointBuilder>? map = null)
        {
            var returning = new ReturningClient();
            returning._stage = await RecoveryStage.StartAsync(
                recovery => recovery.RunOnConnecting = true,
                io =>
                {
                    map?.Invoke(io);
                    io.OnConnecting(async (ISocket socket) =>
                    {
                        if (!socket.Recovered) return;
                        returning._isAsked.TrySetResult();
                        await returning._goesOn.Task;
                    });
                });
            (returning.Client, returning.Old) = await returning._stage.JoinAsync("old");
            await returning._stage.CutAsync(returning.Client);
            returning._returning = returning.Client.ConnectAsync();
            await returning._isAsked.Task.Soon();
            return returning;
        }

        public void Cut()
        {
            _cut = Client.Client;
            _cut.Raw.Abort();
        }

        /// <summary>The program lets it in, or a later connection of it.</summary>
        public async Task GoOnAsync()
        {
            var isCut = _cut is not null;
            _goesOn.SetResult();
            if (!isCut)
            {
                await _returning!;
            }
            else
            {
                await Assert.ThrowsAnyAsync<Exception>(() => _returning!);
                await Client.ConnectAsync();
            }

            Back = await _stage.NextSocketAsync();
        }

        public ValueTask DisposeAsync() => _stage.DisposeAsync();
    }
}
