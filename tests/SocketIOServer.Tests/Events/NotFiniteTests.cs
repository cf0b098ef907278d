using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SocketIOServer.Tests.Events;

/// <summary>A number that JSON cannot write is no valid argument: the program would throw at each later emit of what it kept (ATTACKS A17).</summary>
public sealed class NotFiniteTests(NotFiniteTests.HostOfAll all) : IClassFixture<NotFiniteTests.HostOfAll>
{
    private const string Refused = """431[{"error":"invalid arguments"}]""";

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            string[] shapes =
            [
                "double,X", "float,X", "half,X", "double?,X", "float?,X", "half?,X", "array,[1,X]", "list,[[1],[X]]", "map,{\"a\":X}", "point,{\"x\":0,\"y\":X}",
                "keep,{\"at\":{\"x\":X,\"y\":0},\"path\":[]}", "keep,{\"at\":{\"x\":0,\"y\":0},\"path\":[[1,X]]}", "sequence,[X]", "own,{\"one\":X}", "own,{\"many\":[X]}",
            ];
            foreach (var shape in shapes)
            {
                var (type, json) = (shape[..shape.IndexOf(',', StringComparison.Ordinal)], shape[(shape.IndexOf(',', StringComparison.Ordinal) + 1)..]);
                foreach (var number in (string[])["1e999", "-1e999", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"1e999\""]) cases.Add(type, json.Replace("X", number, StringComparison.Ordinal));
            }

            cases.Add("float", "1e39");
            cases.Add("float?", "-34028236700000000000000000000000000000000");
            cases.Add("half", "65520");
            cases.Add("keys", """{"NaN":1}""");
            cases.Add("keys", """{"1e999":1}""");
            cases.Add("int", "1e999");
            cases.Add("int", "2147483648");
            cases.Add("decimal", "1e999");
            cases.Add("date", "\"9999-99-99\"");
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A17_What_cannot_be_written_again_is_an_invalid_argument(string type, string json)
    {
        Assert.Equal(Refused, await all.Client.AskAsync($"""421["{type}",{json}]"""));
    }

    [Theory]
    [InlineData("double", "1.7976931348623157E+308")]
    [InlineData("float", "3.4028235E+38")]
    [InlineData("half", "65500")]
    [InlineData("double", "5E-324")]
    [InlineData("double", "-0")]
    [InlineData("double?", "null")]
    [InlineData("keys", """{"1.5":1}""")]
    [InlineData("own", """{"one":"1.5","many":["2.5"],"whole":7}""")]
    [InlineData("keep", """{"at":{"x":1.5,"y":-2},"path":[[0.1]]}""")]
    public async Task What_is_finite_comes_back_as_it_was(string type, string json) => Assert.Equal($"431[{json}]", await all.Client.AskAsync($"""421["{type}",{json}]"""));

    [Theory]
    [InlineData("double", "\"1.5\"", "1.5")]
    [InlineData("double", "1e-999", "0")]
    [InlineData("list", "[[\"2\"]]", "[[2]]")]
    public async Task Number_handling_of_the_options_holds(string type, string json, string answer) =>
        Assert.Equal($"431[{answer}]", await all.Client.AskAsync($"""421["{type}",{json}]"""));

    // Raw JSON has the number as its text.
    [Theory]
    [InlineData("element")]
    [InlineData("elements")]
    [InlineData("node")]
    [InlineData("nodes")]
    [InlineData("any")]
    public async Task Raw_json_keeps_the_number_as_it_came(string type) => Assert.Equal("431[[1e999,-1e999]]", await all.Client.AskAsync($"""421["{type}",[1e999,-1e999]]"""));

    // Then they can be written.
    [Fact]
    public async Task Where_the_program_allows_the_names_they_are_numbers()
    {
        await using var host = await TestHost.StartAsync(HostOfAll.Map, options => options.Json.NumberHandling |= JsonNumberHandling.AllowNamedFloatingPointLiterals);
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431["NaN"]""", await client.AskAsync("""421["double","NaN"]"""));
        Assert.Equal("""431[{"x":"Infinity","y":"-Infinity"}]""", await client.AskAsync("""421["point",{"x":1e999,"y":"-Infinity"}]"""));
    }

    [Fact]
    public async Task What_the_program_makes_itself_throws_where_it_is_emitted()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await all.Host.Io.EmitAsync("e", double.NaN));
        await Assert.ThrowsAsync<ArgumentException>(async () => await all.Host.Io.EmitAsync("e", new Point(1, float.PositiveInfinity)));
    }

    // A member that is left out is an element that stands for nothing, or an array that is none.
    [Theory]
    [InlineData("missing", "{}", """{"element":null,"whole":0}""")]
    [InlineData("missing", """{"items":[1]}""", """{"element":null,"items":[1],"whole":0}""")]
    [InlineData("missing", """{"items":[],"element":[]}""", """{"element":[],"items":[],"whole":0}""")]
    public async Task What_a_client_leaves_out_can_be_written_again(string type, string json, string answer) =>
        Assert.Equal($"431[{answer}]", await all.Client.AskAsync($"""421["{type}",{json}]"""));

    // It could be read and not written: the reader had a limit of its own.
    [Fact]
    public async Task An_argument_deeper_than_the_options_write_is_invalid()
    {
        await using var host = await TestHost.StartAsync(HostOfAll.Map, options => options.Json.MaxDepth = 10);
        await using var client = await SocketClient.JoinAsync(host);

        foreach (var type in (string[])["element", "elements", "node", "nodes", "any"])
        {
            Assert.Equal($"431[{new string('[', 9)}{new string(']', 9)}]", await client.AskAsync($"""421["{type}",{new string('[', 9)}{new string(']', 9)}]"""));
            Assert.Equal(Refused, await client.AskAsync($"""421["{type}",{new string('[', 10)}{new string(']', 10)}]"""));
        }

        Assert.Empty(host.Log.Errors);
    }

    public sealed class HostOfAll : IAsyncLifetime
    {
        public TestHost Host { get; private set; } = null!;

        public SocketClient Client { get; private set; } = null!;

        public static void Map(SocketEndpointBuilder io)
        {
            io.On("double", (double value) => value).On("float", (float value) => value).On("half", (Half value) => value)
                .On("double?", (double? value) => value).On("float?", (float? value) => value).On("half?", (Half? value) => value)
                .On("array", (double[] value) => value).On("list", (List<List<float>> value) => value).On("map", (Dictionary<string, double?> value) => value)
                .On("keys", (Dictionary<double, int> value) => value).On("sequence", (IEnumerable<Half> value) => value)
                .On("point", (Point value) => value).On("keep", (Keep value) => value).On("own", (Own value) => value).On("missing", (Missing value) => value)
                .On("int", (int value) => value).On("decimal", (decimal value) => value).On("date", (DateTime value) => value)
                .On("element", (JsonElement value) => value).On("elements", (JsonElement[] all) => all[0])
                .On("node", (JsonNode value) => value).On("nodes", (JsonNode?[] all) => all[0]).On("any", (object value) => value);
        }

        public async ValueTask InitializeAsync()
        {
            Host = await TestHost.StartAsync(Map);
            Client = await SocketClient.JoinAsync(Host);
        }

        public async ValueTask DisposeAsync()
        {
            Assert.Empty(Host.Log.Errors);
            await Client.DisposeAsync();
            await Host.DisposeAsync();
        }
    }

    public sealed record Point(double X, float Y);

    public sealed record Keep(Point At, List<double[]> Path);

    public sealed class Own
    {
        private const JsonNumberHandling AsText = JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString;

        [JsonNumberHandling(AsText), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public double? One { get; set; }

        [JsonNumberHandling(AsText), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public List<float>? Many { get; set; }

        public int Whole { get; set; }
    }

    public sealed record Missing(
        JsonElement Element = default, System.Collections.Immutable.ImmutableArray<int> Items = default, ArraySegment<int> Part = default, int Whole = 0);
}
