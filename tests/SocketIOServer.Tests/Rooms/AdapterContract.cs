using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Adapters;
using SocketIOServer.EngineIO;
using SocketIOServer.Json;
using Socket = SocketIOServer.Sockets.Socket;

namespace SocketIOServer.Tests.Rooms;

/// <summary>What every adapter does. A new one is done when it is green here.</summary>
public abstract class AdapterContract : IAsyncLifetime
{
    private static readonly PacketEncoder Encoder = new(new(), PacketParser.Json);

    private readonly Adapter _adapter;
    private readonly List<Stage.Member> _members = [];
    private Stage _stage = null!;

    private protected AdapterContract(Adapter adapter) => _adapter = adapter;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.StartAsync();
        for (var i = 0; i < 3; i++) _members.Add(await _stage.JoinAsync());
        foreach (var member in _members) _adapter.Add(Of(member));
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Everyone_who_was_added_is_in()
    {
        await AssertReachedAsync(Target.Everyone, 0, 1, 2);

        Assert.Equal(3, await _adapter.CountAsync(Target.Everyone, default));
    }

    [Fact]
    public async Task Who_was_removed_is_in_nothing_and_its_rooms_are_told()
    {
        _adapter.Join(Of(_members[0]), ["a", "b"]);

        var rooms = _adapter.Remove(Of(_members[0]));

        Assert.Equal([_members[0].Id, "a", "b"], rooms);
        Assert.Empty(await _adapter.RoomsAsync(default));
        await AssertReachedAsync(Target.Everyone, 1, 2);
        await AssertReachedAsync(Target.Everyone.To([_members[0].Id]));
    }

    [Fact]
    public async Task Rooms_narrow_and_unions_have_no_doubles()
    {
        _adapter.Join(Of(_members[0]), ["a", "b"]);
        _adapter.Join(Of(_members[1]), ["b"]);

        await AssertReachedAsync(Target.Everyone.To(["a"]), 0);
        await AssertReachedAsync(Target.Everyone.To(["a", "b", _members[1].Id]), 0, 1);
        await AssertReachedAsync(Target.Everyone.To(["nobody"]));
    }

    [Fact]
    public async Task Exceptions_win()
    {
        _adapter.Join(Of(_members[0]), ["a", "b"]);
        _adapter.Join(Of(_members[1]), ["a"]);

        await AssertReachedAsync(Target.Everyone.To(["a"]).Without(["b"]), 1);
        await AssertReachedAsync(Target.Everyone.Without([_members[2].Id, "nobody"]), 0, 1);
        await AssertReachedAsync(Target.Everyone.To(["a"]).Without(["a"]));
    }

    [Fact]
    public async Task An_empty_room_is_gone()
    {
        _adapter.Join(Of(_members[0]), ["a", "a"]);
        Assert.Equal(["a"], await _adapter.RoomsAsync(default));

        _adapter.Leave(Of(_members[0]), ["a", "never"]);

        Assert.Empty(await _adapter.RoomsAsync(default));
        Assert.Equal([_members[0].Id], _adapter.RoomsOf(Of(_members[0])));
    }

    [Fact]
    public async Task A_target_joins_leaves_and_is_fetched()
    {
        await _adapter.JoinAsync(Target.Everyone.Without([_members[2].Id]), ["x", "y"]);
        await _adapter.LeaveAsync(Target.Everyone.To([_members[1].Id]), ["x"]);

        var fetched = await _adapter.FetchAsync(Target.Everyone.To(["y"]), default);

        Assert.Equal(
            new[] { $"{_members[0].Id} x y", $"{_members[1].Id} y" }.Order(StringComparer.Ordinal),
            fetched.Select(socket => string.Join(' ', socket.Rooms)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_target_is_disconnected()
    {
        await _adapter.DisconnectAsync(Target.Everyone.To([_members[1].Id]), close: false);

        Assert.Equal("41", await _members[1].ReadAsync());
        Assert.Equal([true, false, true], _members.Select(member => member.Socket.IsConnected));
    }

    [Fact]
    public async Task Who_has_left_joins_nothing()
    {
        await _members[0].Socket.DisconnectAsync();
        _adapter.Remove(Of(_members[0]));

        _adapter.Add(Of(_members[0]));
        _adapter.Join(Of(_members[0]), ["late"]);

        Assert.Empty(await _adapter.RoomsAsync(default));
        Assert.Equal(2, await _adapter.CountAsync(Target.Everyone, default));
    }

    private static Socket Of(Stage.Member member) => (Socket)member.Socket;

    private protected static AdapterContext ContextOf(BroadcastBackpressure backpressure) =>
        new("/", [], Encoder, PacketParser.Json, backpressure, new ServiceCollection().BuildServiceProvider(), NullLogger.Instance, TimeProvider.System, rooms: null);

    private static EncodedEvent Event() => new(Encoder.EventArgs([], "e", []), ContextOf(new(TimeProvider.System)));

    private async Task AssertReachedAsync(Target target, params int[] expected)
    {
        await _adapter.BroadcastAsync(Event(), target);

        var reached = new List<int>();
        for (var i = 0; i < _members.Count; i++) reached.AddRange((await _members[i].DrainAsync()).Select(_ => i));
        Assert.Equal(expected, reached);
    }
}
