using System.Text.Json;

namespace SocketIOServer.Tests.Events;

/// <summary>Python, Java and Unity write a whole float as 2.0, and JavaScript reads that as 2: so does an int here.</summary>
public sealed class WholeNumberTests(WholeNumberTests.Host shared) : IClassFixture<WholeNumberTests.Host>
{
    [Theory]
    [InlineData("[\"int\",2.0]", "[2]")]
    [InlineData("[\"int\",2e0]", "[2]")]
    [InlineData("[\"int\",-2.50e+1]", "[-25]")]
    [InlineData("[\"int\",1200E-2]", "[12]")]
    [InlineData("[\"int\",0.5e1]", "[5]")]
    [InlineData("[\"int\",0.0]", "[0]")]
    [InlineData("[\"int\",-0.0]", "[0]")]
    [InlineData("[\"int\",0e999]", "[0]")]
    [InlineData("[\"int\",2147483647.0]", "[2147483647]")]
    // No double stands between.
    [InlineData("[\"long\",9007199254740993.0]", "[9007199254740993]")]
    [InlineData("[\"long\",-9223372036854775808.000]", "[-9223372036854775808]")]
    [InlineData("[\"ulong\",1.8446744073709551615e19]", "[18446744073709551615]")]
    [InlineData("[\"ulong\",-0.0]", "[0]")]
    [InlineData("[\"byte\",255.0]", "[255]")]
    [InlineData("[\"short\",-3.0]", "[-3]")]
    [InlineData("[\"nullable\",4.0]", "[4]")]
    [InlineData("[\"enum\",3.0]", "[3]")]
    [InlineData("[\"array\",[1.0,2,3e0]]", "[6]")]
    [InlineData("[\"record\",{\"name\":\"Ann 2.0\",\"age\":7.0,\"size\":1.5}]", "[{\"name\":\"Ann 2.0\",\"age\":7,\"size\":1.5}]")]
    [InlineData("[\"record\",{\"name\":\"\\\"2.0\",\"age\":7e0,\"more\":[2.0,{\"x\":1.5}]}]", "[{\"name\":\"\\\"2.0\",\"age\":7,\"size\":0}]")]
    [InlineData("[\"two\",1.0,{\"name\":\"b\",\"age\":2.0},\"c\"]", "[1,\"b\",2,\"c\"]")]
    public async Task A_whole_number_written_as_a_fraction_is_an_integer(string call, string answer)
    {
        await using var client = await SocketClient.JoinAsync(shared.Server);

        Assert.Equal("431" + answer, await client.AskAsync("421" + call));
    }

    [Theory]
    [InlineData("[\"int\",2.5]")]
    [InlineData("[\"int\",25e-1]")]
    [InlineData("[\"int\",1e-1]")]
    [InlineData("[\"int\",2147483648.0]")]
    [InlineData("[\"int\",1e10]")]
    [InlineData("[\"int\",1e999999999]")]
    [InlineData("[\"int\",1e99999999999999999999]")]
    [InlineData("[\"int\",1e-99999999999999999999]")]
    [InlineData("[\"int\",0.1e-9999999]")]
    [InlineData("[\"ulong\",-1.0]")]
    [InlineData("[\"byte\",256.0]")]
    [InlineData("[\"nullable\",4.5]")]
    [InlineData("[\"array\",[1.0,2.5]]")]
    [InlineData("[\"record\",{\"name\":\"Ann\",\"age\":7.5}]")]
    [InlineData("[\"record\",{\"name\":2.0,\"age\":7}]")]
    public async Task Any_other_fraction_is_none(string call)
    {
        await using var client = await SocketClient.JoinAsync(shared.Server);

        Assert.Equal("""431[{"error":"invalid arguments"}]""", await client.AskAsync("421" + call));
    }

    [Theory]
    [InlineData("[\"element\",2.0]", "[2.0]")]
    [InlineData("[\"decimal\",2.50]", "[2.50]")]
    [InlineData("[\"double\",-0.0]", "[-0]")]
    public async Task Where_a_fraction_is_wanted_nothing_changes(string call, string answer)
    {
        await using var client = await SocketClient.JoinAsync(shared.Server);

        Assert.Equal("431" + answer, await client.AskAsync("421" + call));
    }

    // Deeper than System.Text.Json reads where nothing else is said.
    [Fact]
    public async Task It_may_stand_as_deep_as_the_options_allow()
    {
        await using var host = await TestHost.StartAsync(
            io => io.On("deep", (Box value) => value.Innermost().Value),
            options => (options.MaxJsonDepth, options.Json) = (200, new(JsonSerializerDefaults.Web) { MaxDepth = 200 }));
        await using var client = await SocketClient.JoinAsync(host);
        var start = string.Concat(Enumerable.Repeat("{\"inner\":", 100));

        Assert.Equal("431[2]", await client.AskAsync($"421[\"deep\",{start}{{\"value\":2.0}}{new string('}', 100)}]"));
    }

    [Fact]
    public async Task An_answer_and_the_auth_payload_are_read_so_too()
    {
        await using var client = await SocketClient.ConnectAsync(shared.Server);
        Assert.StartsWith("40/auth,{", await client.AskAsync("""40/auth,{"level":3.0}"""), StringComparison.Ordinal);
        Assert.Equal("""42/auth,["level",3]""", await client.ReadAsync());

        await client.SendAsync("""42/auth,["ask"]""");
        Assert.Equal("""42/auth,0["number"]""", await client.ReadAsync());
        await client.SendAsync("43/auth,0[5.0]");

        Assert.Equal("""42/auth,["got",5]""", await client.ReadAsync());
    }

    public sealed record Person(string Name, int Age, double Size = 0);

    public sealed record Credentials(int Level);

    public sealed record Box(Box? Inner, int Value)
    {
        public Box Innermost() => Inner?.Innermost() ?? this;
    }

    public sealed class Host : IAsyncLifetime
    {
        public TestHost Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await TestHost.StartAsync(io =>
        {
            io.On("int", (int value) => value)
                .On("long", (long value) => value)
                .On("ulong", (ulong value) => value)
                .On("byte", (byte value) => value)
                .On("short", (short value) => value)
                .On("nullable", (int? value) => value)
                .On("enum", (DayOfWeek value) => (int)value)
                .On("array", (int[] value) => value.Sum())
                .On("record", (Person value) => value)
                .On("two", (int first, Person second, string third) => (first, second.Name, second.Age, third))
                .On("element", (JsonElement value) => value)
                .On("decimal", (decimal value) => value)
                .On("double", (double value) => value);
            io.Of("/auth")
                .OnConnected(([FromAuth] Credentials auth, ISocket socket) => socket.EmitAsync("level", auth.Level))
                .On("ask", async (ISocket socket) => await socket.EmitAsync("got", await socket.CallAsync<int>("number")));
        });

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
