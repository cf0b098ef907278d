namespace SocketIOServer.Tests.Rooms;

/// <summary>To whom a broadcast goes: looked up anew at each call, each receiver once.</summary>
public sealed class BroadcastTests : IAsyncLifetime
{
    private static readonly string[] Got = ["""42["e"]"""];
    private static readonly string[] Nothing = [];

    private Stage _stage = null!;
    private Stage.Member _a = null!;
    private Stage.Member _ab = null!;
    private Stage.Member _b = null!;
    private Stage.Member _none = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.StartAsync();
        _a = await _stage.JoinAsync("/", "a");
        _ab = await _stage.JoinAsync("/", "a", "b");
        _b = await _stage.JoinAsync("/", "b");
        _none = await _stage.JoinAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task The_server_reaches_everyone() => await AssertReachedAsync(_stage.Io, Got, Got, Got, Got);

    [Fact]
    public async Task To_reaches_one_room() => await AssertReachedAsync(_stage.Io.To("a"), Got, Got, Nothing, Nothing);

    [Fact]
    public async Task To_of_several_rooms_reaches_each_socket_once() => await AssertReachedAsync(_stage.Io.To("a", "b").To("a"), Got, Got, Got, Nothing);

    [Fact]
    public async Task Except_leaves_out_rooms() => await AssertReachedAsync(_stage.Io.Except("b"), Got, Nothing, Nothing, Got);

    [Fact]
    public async Task To_and_Except_together() => await AssertReachedAsync(_stage.Io.To("a", "b").Except("a"), Nothing, Nothing, Got, Nothing);

    [Fact]
    public async Task Except_may_name_a_socket() => await AssertReachedAsync(_stage.Io.Except(_a.Id, _none.Id), Nothing, Got, Got, Nothing);

    [Fact]
    public async Task To_may_name_sockets_and_rooms() => await AssertReachedAsync(_stage.Io.To(_none.Id, "b", _b.Id), Nothing, Got, Got, Got);

    [Fact]
    public async Task To_nobody_reaches_nobody() => await AssertReachedAsync(_stage.Io.To("nobody"), Nothing, Nothing, Nothing, Nothing);

    [Fact]
    public async Task Everyone_of_a_socket_includes_itself() => await AssertReachedAsync(_a.Socket.Everyone, Got, Got, Got, Got);

    [Fact]
    public async Task Everyone_to_a_room_includes_itself() => await AssertReachedAsync(_a.Socket.Everyone.To("a"), Got, Got, Nothing, Nothing);

    [Fact]
    public async Task Broadcast_of_a_socket_leaves_itself_out() => await AssertReachedAsync(_a.Socket.Broadcast, Nothing, Got, Got, Got);

    [Fact]
    public async Task To_of_a_socket_leaves_itself_out() => await AssertReachedAsync(_a.Socket.To("a"), Nothing, Got, Nothing, Nothing);

    [Fact]
    public async Task Except_of_a_socket_leaves_itself_out_too() => await AssertReachedAsync(_a.Socket.Except("b"), Nothing, Nothing, Nothing, Got);

    [Fact]
    public async Task Local_is_everyone_of_this_process() => await AssertReachedAsync(_stage.Io.Local.To("a"), Got, Got, Nothing, Nothing);

    [Fact]
    public async Task Of_reaches_the_namespace_alone()
    {
        var chat = await _stage.JoinAsync(_none, "/chat");

        await AssertReachedAsync(chat.Socket.Of("/"), Got, Got, Got, Got);
        await chat.Socket.Everyone.EmitAsync("e");

        Assert.Equal(["""42/chat,["e"]"""], await _none.DrainAsync());
    }

    [Fact]
    public async Task A_set_is_narrowed_into_a_new_one()
    {
        var all = _stage.Io.To("a");
        _ = all.Except("b");

        await AssertReachedAsync(all, Got, Got, Nothing, Nothing);
    }

    [Fact]
    public async Task A_set_is_looked_up_at_each_call()
    {
        var set = _stage.Io.To("a");
        await _a.Socket.LeaveAsync("a");
        await _none.Socket.JoinAsync("a");

        await AssertReachedAsync(set, Nothing, Got, Nothing, Got);
    }

    [Fact]
    public async Task JoinAsync_puts_the_set_into_rooms()
    {
        await _stage.Io.To("a").JoinAsync("x", "b");

        await AssertReachedAsync(_stage.Io.To("b"), Got, Got, Got, Nothing);
        Assert.Equal(2, await _stage.Io.To("x").CountAsync());
    }

    [Fact]
    public async Task LeaveAsync_takes_the_set_out_of_rooms()
    {
        await _stage.Io.To("b").LeaveAsync("a");

        await AssertReachedAsync(_stage.Io.To("a"), Got, Nothing, Nothing, Nothing);
    }

    [Fact]
    public async Task DisconnectAsync_disconnects_the_set()
    {
        await _stage.Io.To("a").Except("b").DisconnectAsync();

        Assert.Equal("41", await _a.ReadAsync());
        await AssertReachedAsync(_stage.Io, null, Got, Got, Got);
    }

    // It is gone through in batches of 16.
    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(33)]
    public async Task A_large_room_is_reached_to_the_last_of_it(int size)
    {
        var many = new List<Stage.Member>();
        while (many.Count < size) many.Add(await _stage.JoinAsync("/", "many"));
        await many[^2].Socket.JoinAsync("quiet");

        await _stage.Io.To("many").EmitAsync("e");
        await _stage.Io.To("many").Except("quiet").EmitAsync("e");

        foreach (var member in many)
        {
            string[] expected = member == many[^2] ? Got : [.. Got, .. Got];
            Assert.Equal(expected, await member.DrainAsync());
        }
    }

    [Fact]
    public async Task A_message_with_all_arguments_is_the_same_for_everyone()
    {
        await _stage.Io.To("a").EmitAsync("two", 1, "x");
        await _stage.Io.To("a").EmitAsync("three", 1, "x", (object?)null);
        await _stage.Io.To("a").EmitArgsAsync("args", [1, 2, 3, 4]);
        await _stage.Io.To("a").SendAsync("hello");

        string[] texts = ["""42["two",1,"x"]""", """42["three",1,"x",null]""", """42["args",1,2,3,4]""", """42["message","hello"]"""];
        Assert.Equal(texts, await _a.DrainAsync());
        Assert.Equal(texts, await _ab.DrainAsync());
    }

    // In the order of _a, _ab, _b, _none; null: it is not connected any more.
    private async Task AssertReachedAsync(IBroadcast set, params string[]?[] expected)
    {
        await set.EmitAsync("e");
        foreach (var (member, texts) in new[] { _a, _ab, _b, _none }.Zip(expected))
        {
            if (texts is not null) Assert.Equal(texts, await member.DrainAsync());
        }
    }
}
