namespace SocketIOServer.Tests.Emits;

/// <summary>OnAnyOutgoing sees each emit once, with what the program gave it.</summary>
public sealed class OutgoingTests
{
    [Fact]
    public async Task Every_way_of_emitting_is_seen_once()
    {
        var seen = new Inbox<OutgoingEvent>();
        await using var stage = await Stage.StartAsync(io => io.OnAnyOutgoing(seen.Add));
        var member = await stage.JoinAsync("/", "room");
        await stage.JoinAsync("/", "room");
        var (socket, io) = (member.Socket, stage.Io);

        await socket.EmitAsync("a");
        await socket.EmitAsync("b", 1, "two");
        await socket.EmitArgsAsync("c", [1, null, 3, 4]);
        await socket.Volatile.EmitAsync("d", 1);
        _ = socket.CallAsync("e", 5);
        await socket.SendAsync("f");
        await io.EmitAsync("g", 7);
        await io.To("room").Except(member.Id).EmitArgsAsync("h", [8, 9]);
        _ = io.CallAsync<int>("i", 10);

        Assert.Equal(
            ["a()*", "b(1,two)*", "c(1,,3,4)*", "d(1)*", "e(5)*", "message(f)*", "g(7)", $"h(8,9)+room-{member.Id}", "i(10)"],
            (await seen.NextAsync(9)).Select(e => Describe(e, socket)));
    }

    [Fact]
    public async Task Acks_and_what_cannot_be_sent_are_not_seen()
    {
        var seen = new Inbox<OutgoingEvent>();
        await using var stage = await Stage.StartAsync(io => io.OnAnyOutgoing(seen.Add));
        var member = await stage.JoinAsync();

        await member.Client.AskAsync("421[\"ping\"]");
#pragma warning disable SIO003 // What a name that is no constant gets.
        await Assert.ThrowsAsync<ArgumentException>(async () => await stage.Io.EmitAsync("connect"));
#pragma warning restore SIO003
        await stage.Io.EmitAsync("last");

        Assert.Equal("last", (await seen.NextAsync()).Name);
    }

    [Fact]
    public async Task One_that_throws_is_logged_and_the_event_is_sent()
    {
        await using var stage = await Stage.StartAsync(io => io.OnAnyOutgoing(_ => throw new InvalidOperationException("on purpose")));
        var member = await stage.JoinAsync();

        await stage.Io.EmitAsync("e");

        Assert.Equal("""42["e"]""", await member.ReadAsync());
        Assert.Equal("on purpose", Assert.Single(stage.Host.Log.Errors).Exception!.Message);
    }

    // Without an end the stack would overflow, which ends the process.
    [Fact]
    public async Task One_that_emits_is_not_told_of_that()
    {
        var told = 0;
        Action<string>? stageEmits = null;
        ISocketNamespace? others = null;
        await using var stage = await Stage.StartAsync(io =>
        {
            io.OnAnyOutgoing(_ =>
            {
                told++;
                others!.EmitAsync("copy").AsTask().GetAwaiter().GetResult();
            });
            io.Of("/others").OnAnyOutgoing(_ => stageEmits!("and back"));
        });
        stageEmits = name => stage.Io.EmitAsync(name).AsTask().GetAwaiter().GetResult();
        others = stage.Io.Of("/others");
        var member = await stage.JoinAsync();

        await stage.Io.EmitAsync("e");
        await stage.Io.EmitAsync("f");

        Assert.Equal(["""42["and back"]""", """42["e"]""", """42["and back"]""", """42["f"]"""],
            [await member.ReadAsync(), await member.ReadAsync(), await member.ReadAsync(), await member.ReadAsync()]);
        Assert.Equal(2, told);
    }

    private static string Describe(OutgoingEvent e, ISocket one) =>
        $"{e.Name}({string.Join(',', e.Arguments)}){(e.Socket == one ? "*" : "")}{Mark('+', e.Rooms)}{Mark('-', e.Except)}";

    private static string Mark(char sign, IReadOnlyList<string> rooms) => rooms.Count == 0 ? "" : sign + string.Join(',', rooms);
}
