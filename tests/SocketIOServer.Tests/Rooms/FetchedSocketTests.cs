using System.Text.Json;

namespace SocketIOServer.Tests.Rooms;

/// <summary>What FetchSocketsAsync returns, and FindSocket.</summary>
public sealed class FetchedSocketTests : IAsyncLifetime
{
    private Stage _stage = null!;
    private Stage.Member _ann = null!;
    private Stage.Member _bob = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.StartAsync();
        _ann = await _stage.JoinAsync("/chat", "room");
        _bob = await _stage.JoinAsync("/chat");
        _ann.Socket.Data.Set("name", "Ann");
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task It_has_what_the_socket_has()
    {
        var fetched = await FetchAnnAsync();

        Assert.Equal(_ann.Socket.Id, fetched.Id);
        Assert.Equal("/chat", fetched.Namespace);
        Assert.Null(fetched.UserId);
        Assert.Equal(new[] { "room", _ann.Socket.Id }.Order(StringComparer.Ordinal), fetched.Rooms.Order(StringComparer.Ordinal));
        Assert.Equal("Ann", fetched.Data.Get<string>("name"));
        Assert.Same(_ann.Socket.Handshake, fetched.Handshake);
        Assert.Empty(Assert.Single(await _stage.Io.Of("/chat").To(_bob.Socket.Id).FetchSocketsAsync()).Data);
    }

    [Fact]
    public async Task It_can_be_sent_to_and_asked()
    {
        var fetched = await FetchAnnAsync();

        await fetched.EmitAsync("none");
        await fetched.EmitAsync("one", 1);
        await fetched.EmitAsync("two", 1, 2);
        await fetched.EmitAsync("three", 1, 2, 3);
        await fetched.EmitArgsAsync("four", [1, 2, 3, 4]);
        await fetched.SendAsync("text");
        var call = fetched.CallAsync<int>("question", "?");

        Assert.Equal(
            ["""42/chat,["none"]""", """42/chat,["one",1]""", """42/chat,["two",1,2]""", """42/chat,["three",1,2,3]""", """42/chat,["four",1,2,3,4]""", """42/chat,["message","text"]""", """42/chat,0["question","?"]"""],
            await _ann.Client.ReadAsync(7));
        await _ann.Client.SendAsync("43/chat,0[7]");
        Assert.Equal(7, await call.Soon());
    }

    [Fact]
    public async Task It_can_be_moved_and_disconnected()
    {
        var fetched = await FetchAnnAsync();

        await fetched.JoinAsync(7);
        await fetched.JoinAsync("a", "b");
        await fetched.LeaveAsync("room", "b");
        Assert.Equal(["7", "a"], _ann.Socket.Rooms.Where(room => room != _ann.Socket.Id).Order(StringComparer.Ordinal));
        Assert.Contains("room", fetched.Rooms);

        await fetched.DisconnectAsync();
        Assert.Equal("41/chat,", await _ann.ReadAsync());
        await fetched.EmitAsync("too late");
        await Assert.ThrowsAsync<SocketDisconnectedException>(() => fetched.CallAsync<int>("too late").Soon());
    }

    [Fact]
    public async Task A_socket_is_found_by_its_id_in_its_namespace_while_it_is_in()
    {
        var chat = _stage.Io.Of("/chat");

        Assert.Same(_ann.Socket, chat.FindSocket(_ann.Socket.Id));
        Assert.Same(_bob.Socket, _ann.Socket.Everyone.FindSocket(_bob.Socket.Id));
        Assert.Null(_stage.Io.FindSocket(_ann.Socket.Id));
        Assert.Null(chat.FindSocket("room"));

        await _ann.Socket.DisconnectAsync();
        Assert.Null(chat.FindSocket(_ann.Socket.Id));
    }

    [Fact]
    public async Task The_server_finds_those_of_the_default_namespace()
    {
        var member = await _stage.JoinAsync();

        Assert.Same(member.Socket, _stage.Io.FindSocket(member.Socket.Id));
    }

    [Fact]
    public void A_handshake_that_a_program_makes_has_what_it_was_given()
    {
        var handshake = new Handshake
        {
            Address = "10.0.0.1",
            Url = "/socket.io/?EIO=4",
            IsSecure = true,
            Time = DateTimeOffset.UnixEpoch,
            Auth = JsonSerializer.SerializeToElement(new { token = "secret" }),
        };

        Assert.Equal(("10.0.0.1", "/socket.io/?EIO=4", true, DateTimeOffset.UnixEpoch), (handshake.Address, handshake.Url, handshake.IsSecure, handshake.Time));
        Assert.Equal("secret", handshake.Auth.GetProperty("token").GetString());
        Assert.Empty(handshake.Query);
        Assert.Empty(handshake.Headers);
        Assert.Equal(JsonValueKind.Undefined, new Handshake().Auth.ValueKind);
    }

    private async Task<IRemoteSocket> FetchAnnAsync() => Assert.Single(await _stage.Io.Of("/chat").To("room").FetchSocketsAsync());
}
