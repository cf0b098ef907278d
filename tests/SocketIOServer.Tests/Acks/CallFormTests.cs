namespace SocketIOServer.Tests.Acks;

/// <summary>What stands behind the event's name in a call is its argument, null too; a timeout and a token are neither sent nor taken for one.</summary>
public sealed class CallFormTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<Func<ISocket, Task>, string> OfOne => new()
    {
        { socket => socket.CallAsync<int>("e"), """420["e"]""" },
        { socket => socket.CallAsync<int>("e", Token), """420["e"]""" },
        { socket => socket.CallAsync<int>("e", cancel: Token), """420["e"]""" },
        { socket => socket.CallAsync<int>("e", timeout: Minute), """420["e"]""" },
        { socket => socket.CallAsync<int>("e", timeout: Minute, Token), """420["e"]""" },
        { socket => socket.CallAsync<int>("e", null), """420["e",null]""" },
        { socket => socket.CallAsync<int>("e", null, Token), """420["e",null]""" },
        { socket => socket.CallAsync<int>("e", null, Minute), """420["e",null]""" },
        { socket => socket.CallAsync<int>("e", null, Minute, Token), """420["e",null]""" },
        { socket => socket.CallAsync<int>("e", 5, Token), """420["e",5]""" },
        { socket => socket.CallAsync<int>("e", 5, Minute), """420["e",5]""" },
        { socket => socket.CallAsync<int>("e", new[] { 1, 2 }), """420["e",[1,2]]""" },
        { socket => socket.CallAsync<int>("e", arg: Minute), """420["e","00:01:00"]""" },
        { socket => socket.CallAsync("e"), """420["e"]""" },
        { socket => socket.CallAsync("e", Token), """420["e"]""" },
        { socket => socket.CallAsync("e", timeout: Minute), """420["e"]""" },
        { socket => socket.CallAsync("e", null), """420["e",null]""" },
        { socket => socket.CallAsync("e", null, Minute), """420["e",null]""" },
        { socket => socket.CallAsync("e", 5, Minute, Token), """420["e",5]""" },
        { socket => socket.CallArgsAsync<int>("e", []), """420["e"]""" },
        { socket => socket.CallArgsAsync<int>("e", [null, 5], Minute, Token), """420["e",null,5]""" },
    };

    public static TheoryData<Func<IBroadcast, Task>, string> OfMany => new()
    {
        { set => set.CallAsync<int>("e"), """420["e"]""" },
        { set => set.CallAsync<int>("e", Token), """420["e"]""" },
        { set => set.CallAsync<int>("e", timeout: Minute), """420["e"]""" },
        { set => set.CallAsync<int>("e", null), """420["e",null]""" },
        { set => set.CallAsync<int>("e", null, Token), """420["e",null]""" },
        { set => set.CallAsync<int>("e", null, Minute), """420["e",null]""" },
        { set => set.CallAsync<int>("e", 5, Minute, Token), """420["e",5]""" },
        { set => set.CallAsync<int>("e", arg: Minute), """420["e","00:01:00"]""" },
        { set => set.CallArgsAsync<int>("e", [null, 5]), """420["e",null,5]""" },
    };

    [Theory]
    [MemberData(nameof(OfOne), DisableDiscoveryEnumeration = true)]
    public async Task A_call_of_one_sends(Func<ISocket, Task> call, string packet)
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        var answered = call(member.Socket);

        Assert.Equal(packet, await member.ReadAsync());
        await member.Client.SendAsync("430[7]");
        await answered.Soon();
    }

    [Theory]
    [MemberData(nameof(OfMany), DisableDiscoveryEnumeration = true)]
    public async Task A_call_of_many_sends(Func<IBroadcast, Task> call, string packet)
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        var answered = call(stage.Io);

        Assert.Equal(packet, await member.ReadAsync());
        await member.Client.SendAsync("430[7]");
        await answered.Soon();
    }

    [Fact]
    public async Task What_cannot_be_sent_is_told_where_the_call_is_awaited()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

#pragma warning disable SIO003 // These tests cover names that the analyzer cannot see.
        var one = member.Socket.CallAsync<int>("connect");
        var many = stage.Io.CallAsync<int>("connect");
#pragma warning restore SIO003

        await Assert.ThrowsAsync<ArgumentException>(() => one);
        await Assert.ThrowsAsync<ArgumentException>(() => many);
    }
}
