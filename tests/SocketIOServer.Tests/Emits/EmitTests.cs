using System.Text.Json;
using System.Text.Json.Nodes;

namespace SocketIOServer.Tests.Emits;

/// <summary>From an emit to the text on the wire.</summary>
public sealed class EmitTests : IAsyncLifetime
{
    [Fact]
    public async Task What_is_so_deep_that_it_could_fill_the_stack_is_refused_at_start() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TestHost.StartAsync(options: options => options.Json = new(options.Json) { MaxDepth = 1001 }));

    private Stage _stage = null!;
    private Stage.Member _member = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.StartAsync();
        _member = await _stage.JoinAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task The_text_has_the_name_and_the_arguments()
    {
        await _member.Socket.EmitAsync("none");
        await _member.Socket.EmitAsync("one", 1);
        await _member.Socket.EmitAsync("two", "a", true);
        await _member.Socket.EmitAsync("three", 1.5, 'x', new { Name = "Ann", Tags = (string[])["a"] });
        await _member.Socket.SendAsync("hello");

        Assert.Equal(
            ["""42["none"]""", """42["one",1]""", """42["two","a",true]""", """42["three",1.5,"x",{"name":"Ann","tags":["a"]}]""", """42["message","hello"]"""],
            await _member.Client.ReadAsync(5));
    }

    [Fact]
    public async Task An_array_is_one_argument_and_EmitArgsAsync_takes_many()
    {
        await _member.Socket.EmitAsync("array", (string[])["a", "b"]);
        await _member.Socket.EmitAsync("objects", (object?[])[1, null]);
        await _member.Socket.EmitArgsAsync("args", [1, "a", null, (int[])[2]]);
        await _member.Socket.EmitArgsAsync("args", []);

        Assert.Equal(
            ["""42["array",["a","b"]]""", """42["objects",[1,null]]""", """42["args",1,"a",null,[2]]""", """42["args"]"""],
            await _member.Client.ReadAsync(4));
    }

    [Fact]
    public async Task Null_is_an_argument()
    {
        await _member.Socket.EmitAsync("e", (string?)null);
        await _member.Socket.EmitAsync<object?>("e", null);
        await _member.Socket.EmitAsync("e", (int?)null, (byte[]?)null, (JsonNode?)null);
        await _member.Socket.EmitAsync("e", default(JsonElement));

        Assert.Equal(["""42["e",null]""", """42["e",null]""", """42["e",null,null,null]""", """42["e",null]"""], await _member.Client.ReadAsync(4));
    }

    [Fact]
    public async Task Text_stays_as_it_is()
    {
        await _member.Socket.EmitAsync("größe 中文", "a\"\\\n<&>'\u2028");
        await _member.Socket.EmitAsync("e", new Dictionary<string, string> { ["ключ"] = "значение" });

        Assert.Equal("""42["größe 中文","a\"\\\n<&>'\u2028"]""", await _member.ReadAsync());
        Assert.Equal("""42["e",{"ключ":"значение"}]""", await _member.ReadAsync());
    }

    [Fact]
    public async Task Half_a_character_becomes_a_replacement_and_no_crash()
    {
        await _member.Socket.EmitAsync("e", "a\ud800b");

        Assert.Equal("42[\"e\",\"a\\uFFFDb\"]", await _member.ReadAsync());
    }

    [Fact]
    public async Task A_value_is_written_by_its_own_type()
    {
        await _member.Socket.EmitAsync<object>("e", new Derived(2));
        await _member.Socket.EmitAsync("e", (IReadOnlyList<int>)[1, 2]);
        await _member.Socket.EmitAsync("e", JsonSerializer.SerializeToElement(new { a = 1 }), JsonNode.Parse("[1,null]"));

        Assert.Equal(["""42["e",{"more":2,"less":1}]""", """42["e",[1,2]]""", """42["e",{"a":1},[1,null]]"""], await _member.Client.ReadAsync(3));
    }

    [Fact]
    public async Task The_namespace_stands_before_the_event()
    {
        var chat = await _stage.JoinAsync(_member, "/chat");

        await chat.Socket.EmitAsync("e", 1);
        await chat.Socket.EmitAsync("e", new byte[] { 1 });

        Assert.Equal(["""42/chat,["e",1]""", """451-/chat,["e",{"_placeholder":true,"num":0}]""", "b:01"], await _member.Client.ReadAsync(3));
    }

    [Fact]
    public async Task What_is_changed_after_the_call_was_sent_as_it_had_been()
    {
        var list = new List<int> { 1 };
        var bytes = new byte[] { 1, 2 };

        await _member.Socket.EmitAsync("e", list, bytes);
        list.Add(2);
        bytes[0] = 9;

        Assert.Equal(["""451-["e",[1],{"_placeholder":true,"num":0}]""", "b:0102"], await _member.Client.ReadAsync(2));
    }

    [Fact]
    public async Task What_cannot_be_sent_throws_at_the_caller_and_puts_nothing_on_the_wire()
    {
        var cyclic = new List<object>();
        cyclic.Add(cyclic);
        object deep = "x";
        for (var i = 0; i < 5_000; i++) deep = new[] { deep };

        await AssertThrowsAsync<JsonException>(() => _member.Socket.EmitAsync("e", cyclic));
        await AssertThrowsAsync<JsonException>(() => _member.Socket.EmitAsync("e", 1, deep));
        await AssertThrowsAsync<JsonException>(() => _stage.Io.EmitAsync("e", deep));
        await AssertThrowsAsync<ArgumentException>(() => _member.Socket.EmitAsync("e", double.NaN));
        await AssertThrowsAsync<InvalidOperationException>(() => _member.Socket.EmitAsync("e", new Throwing(new byte[] { 1 })));

        await _member.Client.AssertAliveAsync();
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("connect_error")]
    [InlineData("disconnect")]
    [InlineData("disconnecting")]
    [InlineData("newListener")]
    [InlineData("removeListener")]
    public async Task A_name_of_the_protocol_throws(string name)
    {
        await AssertThrowsAsync<ArgumentException>(() => _member.Socket.EmitAsync(name));
        await AssertThrowsAsync<ArgumentException>(() => _member.Socket.EmitArgsAsync(name, [1]));
        await AssertThrowsAsync<ArgumentException>(() => _member.Socket.Volatile.EmitAsync(name));
        await AssertThrowsAsync<ArgumentException>(() => _stage.Io.EmitAsync(name));

        await _member.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task Emitting_to_a_socket_that_has_gone_is_no_error_and_sends_nothing()
    {
        await _stage.JoinAsync(_member, "/chat");
        await _member.Socket.DisconnectAsync();

        await _member.Socket.EmitAsync("e", 1);
        await _member.Socket.Volatile.EmitAsync("e", 2);
        await _stage.Io.To(_member.Id).EmitAsync("e", 3);
        await _stage.Io.Of("/chat").EmitAsync("end");

        Assert.Equal(["41", """42/chat,["end"]"""], await _member.Client.ReadAsync(2));
    }

    [Fact]
    public async Task A_getter_may_emit_while_it_is_read()
    {
        await _member.Socket.EmitAsync("outer", new Nesting(_member.Socket));

        Assert.Equal(
            [
                """451-["inner",{"_placeholder":true,"num":0}]""", "b:09",
                """452-["outer",{"first":{"_placeholder":true,"num":0},"second":2,"third":{"_placeholder":true,"num":1}}]""", "b:01", "b:03",
            ],
            await _member.Client.ReadAsync(5));
    }

    private static async Task AssertThrowsAsync<T>(Func<ValueTask> emit)
        where T : Exception => await Assert.ThrowsAnyAsync<T>(() => emit().AsTask());

    private record Base(int Less);

    private sealed record Derived(int More) : Base(1);

    private sealed class Throwing(byte[] first)
    {
        public byte[] First => first;

        public int Second => First.Length > 0 ? throw new InvalidOperationException("a getter of the program") : 0;
    }

    private sealed class Nesting(ISocket socket)
    {
        public byte[] First { get; } = [1];

        public int Second
        {
            get
            {
                var emit = socket.EmitAsync("inner", new byte[] { 9 });
                return emit.IsCompletedSuccessfully ? 2 : -1;
            }
        }

        public byte[] Third { get; } = [3];
    }
}
