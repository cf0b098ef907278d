using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace SocketIOServer.Tests.Emits;

/// <summary>CONTRACT P6: what a program may hand to an emit. What cannot be sent throws at its caller, on every way out, and nothing of it is on the wire.</summary>
public sealed class EmitSideTests : IAsyncLifetime
{
    private Stage _stage = null!;
    private Stage.Member _member = null!;

    public static TheoryData<string> Unfit => ["cyclic", "deep", "throws", "nan", "infinity", "half", "delegate", "type", "nodeNan", "key"];

    public static TheoryData<string> Containers =>
    [
        "array", "list", "map", "record", "nested", "tuple", "nullable", "interface", "object", "immutable", "set", "stream", "anonymous", "queue",
    ];

    public async ValueTask InitializeAsync()
    {
        // The threads may be faster than the client: that is not what is tried here.
        _stage = await Stage.StartAsync(options: options => options.MaxQueuedBytes = 64 << 20);
        _member = await _stage.JoinAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task P6_What_cannot_be_sent_throws_at_the_caller_on_every_way(string name)
    {
        var value = Make(name);
        Func<Task>[] ways =
        [
            () => _member.Socket.EmitAsync("e", value).AsTask(),
            () => _member.Socket.EmitAsync("e", new byte[] { 1 }, value).AsTask(),
            () => _member.Socket.EmitArgsAsync("e", [value]).AsTask(),
            () => _member.Socket.Volatile.EmitAsync("e", value).AsTask(),
            () => _member.Socket.Compress(false).EmitAsync("e", value).AsTask(),
            () => _member.Socket.CallAsync<int>("e", value),
            () => _stage.Io.EmitAsync("e", value).AsTask(),
            () => _stage.Io.To("room").EmitAsync("e", 1, value).AsTask(),
            () => _stage.Io.CallAsync<int>("e", value),
        ];

        foreach (var way in ways) await Assert.ThrowsAnyAsync<Exception>(async () => await way());

        await _member.Client.AssertAliveAsync();
        Assert.Empty(_stage.Host.Log.Errors);
    }

    // 64 is as deep as the options write; a JsonNode has no such limit of its own.
    [Fact]
    public async Task P6_A_node_that_is_deep_goes_out_and_one_that_is_too_deep_throws()
    {
        await _member.Socket.EmitAsync("e", Nodes(900));
        Assert.Equal($"""42["e",{new string('[', 900)}{new string(']', 900)}]""", await _member.ReadAsync());

        await Assert.ThrowsAnyAsync<Exception>(async () => await _member.Socket.EmitAsync("e", Nodes(5000)));
        await _member.Client.AssertAliveAsync();
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public async Task P6_Binary_is_found_in_every_container(string name)
    {
        byte[] bytes = [1, 2];

        await _member.Socket.EmitAsync("e", Hold(name, bytes));

        var text = await _member.ReadAsync();
        Assert.StartsWith("451-[\"e\",", text, StringComparison.Ordinal);
        Assert.Contains("""{"_placeholder":true,"num":0}""", text, StringComparison.Ordinal);
        Assert.Equal("b:0102", await _member.ReadAsync());
    }

    // ATTACKS A6, the other way round: a client's array that the program keeps in many places leaves once.
    [Fact]
    public async Task One_array_that_stands_in_many_places_travels_once()
    {
        byte[] bytes = [1];
        byte[] others = [1];

        await _member.Socket.EmitAsync("e", new[] { bytes, others, bytes }, new { again = bytes, part = bytes.AsMemory() });

        Assert.Equal(
            [
                """452-["e",[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}],"""
                + """{"again":{"_placeholder":true,"num":0},"part":{"_placeholder":true,"num":0}}]""",
                "b:01", "b:01",
            ],
            await _member.Client.ReadAsync(3));
    }

    // Another packet between a head and its attachments would destroy the client's parser (ATTACKS A55).
    [Fact]
    public async Task P6_Packets_with_binary_from_many_threads_are_never_mixed()
    {
        const int Threads = 16;
        const int Each = 250;
        var next = new int[Threads];

        var emits = Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Each; i++) _member.Socket.EmitAsync("e", thread, new byte[] { (byte)thread }, new byte[] { (byte)i }).AsTask().GetAwaiter().GetResult();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        for (var i = 0; i < Threads * Each; i++)
        {
            var head = await _member.ReadAsync();
            Assert.EndsWith(""",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]""", head, StringComparison.Ordinal);
            var thread = int.Parse(head["""452-["e",""".Length..head.IndexOf(",{", StringComparison.Ordinal)], CultureInfo.InvariantCulture);
            Assert.Equal($"b:{thread:x2}", await _member.ReadAsync());
            Assert.Equal($"b:{(byte)next[thread]++:x2}", await _member.ReadAsync());
        }

        await emits.Soon();
        Assert.All(next, count => Assert.Equal(Each, count));
    }

    private static JsonArray Nodes(int depth)
    {
        var node = new JsonArray();
        for (var i = 1; i < depth; i++) node = [node];
        return node;
    }

    private static object Make(string name)
    {
        switch (name)
        {
            case "cyclic":
                var cyclic = new Dictionary<string, object>();
                cyclic["self"] = new List<object> { cyclic };
                return cyclic;
            case "deep":
                object deep = "x";
                for (var i = 0; i < 1000; i++) deep = new[] { deep };
                return deep;
            case "throws":
                return new Getter();
            case "nan":
                return new[] { 1, double.NaN };
            case "infinity":
                return new { value = float.NegativeInfinity };
            case "half":
                return new List<Half> { Half.PositiveInfinity };
            case "delegate":
                return new { action = (Action)(() => { }) };
            case "type":
                return new { type = typeof(string) };
            case "nodeNan":
                return new JsonArray(1, double.NaN);
            default:
                return new Dictionary<double, int> { [double.NaN] = 1 };
        }
    }

    private static object Hold(string name, byte[] bytes) => name switch
    {
        "array" => new[] { bytes },
        "list" => new List<byte[]> { bytes },
        "map" => new Dictionary<string, byte[]> { ["a"] = bytes },
        "record" => new File("a", bytes),
        "nested" => new Dictionary<string, List<File>> { ["a"] = [new("b", bytes)] },
        "tuple" => Tuple.Create(1, bytes),
        "nullable" => new { value = (ReadOnlyMemory<byte>?)bytes },
        "interface" => (IReadOnlyList<Memory<byte>>)[bytes],
        "object" => new object[] { 1, bytes },
        "immutable" => ImmutableArray.Create<byte[]>(bytes),
        "set" => new HashSet<byte[]> { bytes },
        "stream" => new Dictionary<string, object> { ["a"] = new Stream[] { new MemoryStream(bytes) } },
        "anonymous" => new { file = new { content = bytes } },
        _ => new Queue<byte[]>([bytes]),
    };

    public sealed record File(string Name, byte[] Content);

    public sealed class Getter
    {
        public byte[] Before { get; } = [1];

        public int Value => Before.Length > 0 ? throw new InvalidTimeZoneException() : 0;
    }
}
