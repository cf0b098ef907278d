using System.Security.Claims;

namespace SocketIOServer.Testing.Tests;

public sealed class FakeSocketTests
{
    public interface IRoomClient
    {
        ValueTask Status(string text);

        Task<bool> Confirm(string question);
    }

    private readonly FakeSocket _fake = new() { Namespace = "/chat" };

    private ISocket Socket => _fake;

    private static string Describe(OutgoingEvent sent) =>
        $"{sent.Namespace} {sent.Name}({string.Join(',', sent.Arguments)}) to {sent.Socket?.Id ?? string.Join('+', sent.Rooms)} but {string.Join('+', sent.Except)}";

    [Fact]
    public async Task What_is_emitted_to_it_is_recorded_in_every_form()
    {
        var observed = new List<string>();
        Socket.OnAnyOutgoing(sent => observed.Add(sent.Name));

        await Socket.EmitAsync("a");
        await Socket.EmitAsync("b", 1);
        await Socket.EmitAsync("c", 1, 2);
        await Socket.Volatile.EmitAsync("d", 1, 2, 3);
        await Socket.Compress(false).EmitArgsAsync("e", [1, 2, 3, 4]);
        await Socket.SendAsync("text");

        Assert.Equal(["a", "b 1", "c 1 2", "d 1 2 3", "e 1 2 3 4", "message text"], _fake.Emitted.Select(sent => string.Join(' ', [sent.Name, .. sent.Arguments])));
        Assert.All(_fake.Emitted, sent => Assert.Same(_fake, sent.Socket));
        Assert.Equal(_fake.Emitted.Select(sent => sent.Name), observed);
        Assert.Empty(_fake.Broadcasts);
        await Assert.ThrowsAsync<ArgumentException>(async () => await Socket.EmitArgsAsync(string.Concat("con", "nect"), []));
    }

    [Fact]
    public async Task What_is_emitted_to_others_is_recorded_with_its_receivers()
    {
        await Socket.Broadcast.EmitAsync("broadcast");
        await Socket.To("a", "b").EmitAsync("to", 1);
        await Socket.Except("a").Volatile.EmitAsync("except");
        await Socket.Everyone.To(7).EmitAsync("seven");
        await Socket.Of("other").EmitAsync("elsewhere");

        var id = _fake.Id;
        Assert.Equal(
            [
                $"/chat broadcast() to  but {id}", $"/chat to(1) to a+b but {id}", $"/chat except() to  but {id}+a", "/chat seven() to 7 but ",
                "/other elsewhere() to  but ",
            ],
            _fake.Broadcasts.Select(Describe));
        Assert.Empty(_fake.Emitted);
    }

    [Fact]
    public async Task Rooms_are_kept_and_changes_recorded()
    {
        await Socket.JoinAsync("a", "b", "a");
        await Socket.JoinAsync(7);
        await Socket.LeaveAsync("a", "unknown");
        await Socket.Everyone.To("b").JoinAsync("c");
        await Socket.Everyone.CloseRoomAsync("b");

        Assert.Equal([_fake.Id, "7", "c"], _fake.Rooms);
        Assert.Equal(
            ["Joined a", "Joined b", "Joined 7", "Left a", "Joined c", "Left b"], _fake.RoomChanges.Select(change => $"{change.Kind} {change.Room}"));
        Assert.Equal(["7", "c"], await Socket.Everyone.RoomsAsync());
        Assert.Equal(1, await Socket.Everyone.To("c").CountAsync());
        Assert.Equal(0, await Socket.To("c").CountAsync());
        Assert.Same(_fake, Assert.Single(await Socket.Everyone.FetchSocketsAsync()));
        Assert.Same(_fake, Socket.Everyone.FindSocket(_fake.Id));
        Assert.Null(Socket.Of("/other").FindSocket(_fake.Id));
    }

    [Fact]
    public async Task Calls_are_answered_as_the_test_says()
    {
        _fake.Answer("sure?", true);
        _fake.AnswerWith("sum", args => (int)args[0]! + (int)args[1]!);
        _fake.Answer("nothing", null);

        Assert.True(await Socket.CallAsync<bool>("sure?", "really"));
        Assert.Equal(3, await Socket.CallArgsAsync<int>("sum", [1, 2]));
        Assert.Null(await Socket.CallAsync<string>("nothing"));
        await Socket.CallAsync("sure?");
        var reply = await Socket.Everyone.CallAsync<bool>("sure?");
        Assert.True(reply.Replies[_fake.Id]);
        Assert.Equal([_fake.Id], (await Socket.Everyone.CallAsync<int>("unknown")).Missing);
        Assert.Empty((await Socket.Broadcast.CallAsync<bool>("sure?")).Replies);

        Assert.Contains("Answer(\"unknown\"", (await Assert.ThrowsAsync<TimeoutException>(() => Socket.CallAsync<int>("unknown"))).Message, StringComparison.Ordinal);
        Assert.Contains("System.Boolean", (await Assert.ThrowsAsync<InvalidCastException>(() => Socket.CallAsync<int>("sure?"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidCastException>(() => Socket.CallAsync<int>("nothing"));
        Assert.Equal(["sure?", "sum", "nothing", "sure?", "unknown", "sure?", "nothing"], _fake.Emitted.Select(sent => sent.Name));
    }

    [Fact]
    public async Task It_leaves_once_and_takes_nothing_afterwards()
    {
        await Socket.JoinAsync("a");
        Assert.True(Socket.IsConnected);
        Assert.Equal(default, _fake.LeaveReason);

        await Socket.DisconnectAsync(close: true);
        _fake.Drop(LeaveReason.PingTimeout);
        await Socket.EmitAsync("late");
        await Socket.JoinAsync("b");

        Assert.False(Socket.IsConnected);
        Assert.True(Socket.Disconnected.IsCancellationRequested);
        Assert.True(_fake.IsConnectionClosed);
        Assert.Equal(LeaveReason.ServerNamespaceDisconnect, _fake.LeaveReason);
        Assert.Empty(_fake.Emitted);
        Assert.Equal([_fake.Id, "a"], _fake.Rooms);
        Assert.Equal(LeaveReason.ServerNamespaceDisconnect, (await Assert.ThrowsAsync<SocketDisconnectedException>(() => Socket.CallAsync("late"))).Reason);
        Assert.Equal(0, await Socket.Everyone.CountAsync());
    }

    [Fact]
    public void A_client_that_is_lost_cancels_the_token_with_its_reason()
    {
        _fake.Drop();

        Assert.True(Socket.Disconnected.IsCancellationRequested);
        Assert.Equal(LeaveReason.TransportClose, _fake.LeaveReason);
        Assert.False(_fake.IsConnectionClosed);
    }

    [Fact]
    public void Its_user_is_the_tests()
    {
        var ann = new FakeSocket { User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "ann")], "test")) };

        Assert.Equal("ann", ann.UserId);
        Assert.Equal("bob", new FakeSocket { UserId = "bob" }.UserId);
        Assert.Null(_fake.UserId);
        Assert.NotEqual(ann.Id, _fake.Id);
        Assert.Equal(("/", "/chat"), (ann.Namespace, _fake.Namespace));
    }

    [Fact]
    public void Handlers_of_its_own_are_the_tests_to_call()
    {
        Socket.On("a", (int value) => value + 1);
        Socket.Once("a", () => 0);
        Socket.OnAny((string name) => name);

        Assert.Equal(3, ((Func<int, int>)_fake.Handlers("a")[0])(2));
        Assert.Equal(2, _fake.Handlers("a").Count);
        Assert.Single(_fake.AnyHandlers);
        Socket.Off("a");
        Socket.OffAny();
        Assert.Empty(_fake.Handlers("a"));
        Assert.Empty(_fake.AnyHandlers);
    }

    [Fact]
    public async Task A_controller_is_tested_with_it()
    {
        _fake.Answer("confirm", true);

        Assert.True(await _fake.Attach(new Rooms()).Enter("lobby"));

        Assert.Contains("lobby", _fake.Rooms);
        Assert.Equal("welcome", Assert.Single(_fake.Emitted, sent => sent.Name == "status").Arguments[0]);
        Assert.Equal(
            [$"/chat status(somebody came) to lobby but {_fake.Id}", "/chat status(to everyone) to  but "], _fake.Broadcasts.Select(Describe));
    }

    private sealed class Rooms : SocketController<IRoomClient>
    {
        [On("enter")]
        public async Task<bool> Enter(string room)
        {
            if (!await Clients.Caller.Confirm("sure?")) return false;
            await Socket.JoinAsync(room);
            await Clients.Caller.Status("welcome");
            await Clients.OthersIn(room).Status("somebody came");
            await Everyone.EmitAsync("status", "to everyone");
            return true;
        }
    }
}
