namespace SocketIOServer.Tests.Acks;

/// <summary>What a handler returns is the ack of its event.</summary>
public sealed class AckTests
{
    [Theory]
    [InlineData("void", "[]")]
    [InlineData("task", "[]")]
    [InlineData("valuetask", "[]")]
    [InlineData("text", "[\"a\"]")]
    [InlineData("null", "[null]")]
    [InlineData("array", "[[1,2]]")]
    [InlineData("record", "[{\"name\":\"Ann\",\"ageInYears\":7}]")]
    [InlineData("task of", "[1]")]
    [InlineData("later", "[2]")]
    [InlineData("valuetask of", "[3]")]
    [InlineData("tuple", "[1,\"a\",null]")]
    [InlineData("tuple later", "[1,[2,3]]")]
    [InlineData("long tuple", "[1,2,3,4,5,6,7,8,9]")]
    [InlineData("arguments", "[1,\"b\"]")]
    [InlineData("no arguments", "[]")]
    [InlineData("object", "[{\"ok\":true}]")]
    public async Task The_answer_is_what_the_handler_returns(string name, string answer)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("430" + answer, await client.AskAsync($"""420["{name}"]"""));
        Assert.Empty(host.Log.Errors);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("9007199254740991")]
    public async Task The_id_comes_back_as_it_was_sent(string id)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal($"43{id}[\"a\"]", await client.AskAsync($"""42{id}["text"]"""));
    }

    [Fact]
    public async Task Without_an_id_nothing_is_answered()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["text"]""");

        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task An_ack_goes_to_the_namespace_of_its_event()
    {
        await using var host = await TestHost.StartAsync(io => io.Of("/chat").OnPing());
        await using var client = await SocketClient.JoinAsync(host, "/chat");

        Assert.Equal("""43/chat,5["pong"]""", await client.AskAsync("""42/chat,5["ping"]"""));
    }

    [Fact]
    public async Task Binary_in_the_answer_makes_a_binary_ack()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""423["binary"]""");

        Assert.Equal(["""461-3[{"_placeholder":true,"num":0}]""", "b:010203"], await client.ReadAsync(2));
    }

    [Fact]
    public async Task Binary_in_a_tuple_is_found()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""423["binary tuple"]""");

        Assert.Equal(
            ["""462-3["a",{"_placeholder":true,"num":0},{"x":{"_placeholder":true,"num":1}}]""", "b:01", "b:02"], await client.ReadAsync(3));
    }

    [Fact]
    public async Task A_binary_event_may_be_answered_in_text()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""451-3["length",{"_placeholder":true,"num":0}]""");
        await client.SendAsync([1, 2, 3, 4]);

        Assert.Equal("433[4]", await client.ReadAsync());
    }

    [Fact]
    public async Task What_was_emitted_by_the_handler_goes_before_its_ack()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""421["emit"]""");

        Assert.Equal(["""42["first"]""", "431[\"second\"]"], await client.ReadAsync(2));
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(io =>
    {
        io.OnPing()
            .On("void", () => { })
            .On("task", async Task () => await Task.Yield())
            .On("valuetask", () => default(ValueTask))
            .On("text", () => "a")
            .On("null", () => (string?)null)
            .On("array", () => (int[])[1, 2])
            .On("record", () => new Person("Ann", 7))
            .On("object", () => (object)new { ok = true });
        io.On("task of", () => Task.FromResult(1))
            .On("later", async () =>
            {
                await Task.Yield();
                return 2;
            })
            .On("valuetask of", () => ValueTask.FromResult(3))
            .On("tuple", () => (1, "a", (object?)null))
            .On("tuple later", async () =>
            {
                await Task.Yield();
                return (1, new List<int> { 2, 3 });
            })
            .On("long tuple", () => (1, 2, 3, 4, 5, 6, 7, 8, 9))
            .On("arguments", () => new AckArguments(1, "b"))
            .On("no arguments", () => new AckArguments());
        io.On("binary", () => new byte[] { 1, 2, 3 })
            .On("binary tuple", () => ("a", new byte[] { 1 }, new { x = new ReadOnlyMemory<byte>([2]) }))
            .On("length", (byte[] data) => data.Length)
            .On("emit", async (ISocket socket) =>
            {
                await socket.EmitAsync("first");
                return "second";
            });
    });

    private sealed record Person(string Name, int AgeInYears);
}
