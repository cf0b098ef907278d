namespace SocketIOServer.Tests;

/// <summary>A socket that its OnConnecting has put into a room, and that waits there for the answer whether it may come in.</summary>
public sealed class ConnectingTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _answer = new();
    private TestHost _host = null!;
    private SocketClient _client = null!;
    private ISocket _socket = null!;
    private IBroadcast _room = null!;

    public async ValueTask InitializeAsync()
    {
        var asked = new Inbox<ISocket>();
        _host = await TestHost.StartAsync(io => io.OnConnecting(async (ISocket socket) =>
        {
            await socket.JoinAsync("room");
            asked.Add(socket);
            await _answer.Task;
        }));
        _client = await SocketClient.ConnectAsync(_host);
        await _client.SendAsync("40");
        _socket = await asked.NextAsync();
        _room = _host.Io.To("room");
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    // Not yet let in: what is meant for members must not reach it, whatever room it was put into.
    [Fact]
    public async Task A_socket_that_waits_gets_no_broadcast_and_is_not_counted()
    {
        var count = await _room.CountAsync();
        await _room.EmitAsync("secret");
        _answer.SetResult();

        Wire.IdOf(await _client.ReadAsync());
        Assert.Equal(0, count);
        Assert.Equal(1, await _room.CountAsync());
    }

    // Who joins a room on all tabs has joined it on the one that just comes.
    [Fact]
    public async Task A_socket_that_waits_joins_and_leaves_rooms_with_the_others()
    {
        await _room.JoinAsync("joined", "left");
        await _room.LeaveAsync("left");
        _answer.SetResult();

        var id = Wire.IdOf(await _client.ReadAsync());
        Assert.Equal([id, "room", "joined"], _socket.Rooms);
    }

    // Who is signed out on all tabs is so on the one that just comes.
    [Fact]
    public async Task A_socket_that_waits_is_disconnected_with_the_others()
    {
        await _room.DisconnectAsync();
        var told = await _client.ReadAsync();
        _answer.SetResult();

        Assert.Equal("""44{"message":"Connection refused","data":{"code":"connection_refused"}}""", told);
        Assert.False(_socket.IsConnected);
        Assert.Empty(await _host.Io.RoomsAsync());
        // Nothing more of it: the next packet is the answer to the next CONNECT.
        Wire.IdOf(await _client.AskAsync("40"));
    }
}
