namespace SocketIOServer.Tests.Events;

/// <summary>What clients listen to, as an interface; the class behind it is written when this assembly is compiled.</summary>
public sealed class TypedClientTests
{
    public interface IPresence
    {
        Task Seen(string id);
    }

    public interface IChatClient : IPresence
    {
        ValueTask Status(string text);

        ValueTask MessageAsync(Line line, byte[] picture);

        [On("many words")]
        ValueTask Many(int a, int b, int c, int d, string? e);

        ValueTask Nothing();

        Task<bool> Confirm(string question, CancellationToken cancel);

        Task<int> Add(int first, int @checked);
    }

    [Fact]
    public async Task A_class_emits_through_the_interface_to_one_to_all_and_to_rooms()
    {
        await using var host = await TestHost.StartAsync(io => io.Of<Chat>());
        await using var one = await SocketClient.JoinAsync(host, "/typed");
        await using var other = await SocketClient.JoinAsync(host, "/typed");

        Assert.Equal("""42/typed,["status","for you"]""", await one.AskAsync("""42/typed,["me"]"""));
        Assert.Equal("""42/typed,["nothing"]""", await one.AskAsync("""42/typed,["all"]"""));
        Assert.Equal("""42/typed,["nothing"]""", await other.ReadAsync());
        Assert.Equal("43/typed,2[]", await one.AskAsync("""42/typed,2["others"]"""));
        Assert.Equal("""42/typed,["status","for the others"]""", await other.ReadAsync());
        Assert.Equal("43/typed,1[]", await other.AskAsync("""42/typed,1["join"]"""));
        Assert.Equal("43/typed,1[]", await one.AskAsync("""42/typed,1["rooms"]"""));
        Assert.Equal(["""451-/typed,["message",{"text":"hi"},{"_placeholder":true,"num":0}]""", "b:0102"], await other.ReadAsync(2));
        Assert.Equal("""42/typed,["many words",1,2,3,4,null]""", await other.ReadAsync());
        Assert.Equal("""42/typed,["status","7"]""", await other.ReadAsync());
        Assert.Equal("""42/typed,["status","not the caller's 7"]""", await other.ReadAsync());
    }

    [Fact]
    public async Task What_starts_at_the_caller_leaves_it_out()
    {
        await using var host = await TestHost.StartAsync(io => io.Of<Chat>());
        await using var caller = await SocketClient.JoinAsync(host, "/typed");
        await caller.AskAsync("""42/typed,1["join"]""");

        // The picture and the 7 are for everyone in the room; of the others there is none.
        await caller.SendAsync("""42/typed,1["rooms"]""");

        Assert.Equal(["""451-/typed,["message",{"text":"hi"},{"_placeholder":true,"num":0}]""", "b:0102", """42/typed,["status","7"]""", "43/typed,1[]"], await caller.ReadAsync(4));
    }

    [Fact]
    public async Task A_method_with_a_result_waits_for_the_ack_of_one_socket()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var client = member.Socket.As<IChatClient>();

        var sum = client.Add(1, 2);
        Assert.Equal("""420["add",1,2]""", await member.ReadAsync());
        await member.Client.SendAsync("430[3]");
        Assert.Equal(3, await sum.Soon());

        using var cancel = new CancellationTokenSource();
        var confirm = client.Confirm("sure?", cancel.Token);
        Assert.Equal("""421["confirm","sure?"]""", await member.ReadAsync());
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => confirm.Soon());

        await client.Seen("x");
        Assert.Equal("""42["seen","x"]""", await member.ReadAsync());
        await Assert.ThrowsAsync<NotSupportedException>(() => stage.Io.As<IChatClient>().Add(1, 2));
    }

    [Fact]
    public async Task What_the_generator_never_saw_is_told_so()
    {
        await using var stage = await Stage.StartAsync();

        var error = Assert.Throws<InvalidOperationException>(() => Through<IDisposable>(stage.Io));

        Assert.Contains("IDisposable", error.Message, StringComparison.Ordinal);

        static T Through<T>(IEmitter emitter)
            where T : class => emitter.As<T>();
    }

    public sealed record Line(string Text);

    [Namespace("/typed")]
    internal sealed class Chat : SocketController<IChatClient>
    {
        [On("me")]
        public ValueTask Me() => Clients.Caller.Status("for you");

        [On("all")]
        public ValueTask All() => Clients.All.Nothing();

        [On("others")]
        public ValueTask TellOthers() => Clients.Others.Status("for the others");

        [On("join")]
        public ValueTask Join() => Socket.JoinAsync("room", "7");

        [On("rooms")]
        public async Task Rooms()
        {
            await Clients.In("room").MessageAsync(new("hi"), [1, 2]);
            await Clients.OthersIn("room").Many(1, 2, 3, 4, null);
            await Clients.In(7).Status("7");
            await Clients.OthersIn(7).Status("not the caller's 7");
        }
    }
}
