using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SocketIOServer.Tests.Events;

/// <summary>ATTACKS A9: a name that stands twice in an object is refused, whoever would have read it, so that no getter throws and no two readers differ.</summary>
public sealed class DuplicateNameTests(DuplicateNameTests.HostOfAll all) : IClassFixture<DuplicateNameTests.HostOfAll>
{
    private const string Refused = """[{"error":"invalid arguments"}]""";

    public static TheoryData<string> Types => [.. HostOfAll.Names];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A9_It_is_an_invalid_argument_for_every_type(string type)
    {
        await using var client = await SocketClient.JoinAsync(all.Host);
        string[] duplicates = ["""{"data":1,"data":2}""", """{"d\u0061ta":1,"data":2}""", """{"more":1,"data":{"x":1,"x":2}}""", """{"data":[{"x":{},"x":{}}]}"""];

        foreach (var duplicate in type is "record" or "intMap" ? duplicates[..2] : duplicates)
        {
            Assert.Equal("431" + Refused, await client.AskAsync($"""421["{type}",{duplicate}]"""));
            // The same beside an attachment, where the raw types are made another way.
            await client.SendAsync($$"""451-1["{{type}}",{{duplicate}},{"_placeholder":true,"num":0}]""");
            await client.SendAsync([1]);
            Assert.Equal("431" + Refused, await client.ReadAsync());
        }

        await client.AssertAliveAsync();
        Assert.Empty(all.Host.Log.Errors);
    }

    // Names of another case are the same to whatever reads names in any case: records and JsonObject. They are two to a JsonElement and a map.
    [Theory]
    [InlineData("record", Refused)]
    [InlineData("object", Refused)]
    [InlineData("node", Refused)]
    [InlineData("nodes", Refused)]
    [InlineData("element", """[{"data":1,"Data":2}]""")]
    [InlineData("elements", """[{"data":1,"Data":2}]""")]
    [InlineData("map", """[{"data":1,"Data":2}]""")]
    public async Task Names_of_another_case_are_the_same_where_names_are_read_in_any_case(string type, string answer)
    {
        await using var client = await SocketClient.JoinAsync(all.Host);

        Assert.Equal("431" + answer, await client.AskAsync($$"""421["{{type}}",{"data":1,"Data":2}]"""));
    }

    [Fact]
    public async Task The_ack_of_a_client_is_read_so_too()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        var call = member.Socket.CallAsync<JsonObject>("ask");
        Assert.Equal("""420["ask"]""", await member.ReadAsync());
        await member.Client.SendAsync("""430[{"data":1,"data":2}]""");

        await Assert.ThrowsAnyAsync<Exception>(() => call);
        await member.Client.AssertAliveAsync();
    }

    [Theory]
    [InlineData("""40{"token":"a","token":"b"}""")]
    [InlineData("""40{"user":{"id":1,"id":2}}""")]
    [InlineData("""40{"t\u006fken":"a","token":"b"}""")]
    public async Task The_auth_of_a_client_is_read_so_too(string connect)
    {
        await using var client = await SocketClient.ConnectAsync(all.Host);

        Assert.Equal("closed 1000", await client.AskAsync(connect));
    }

    // Deeper than System.Text.Json's own limit: the getter threw.
    [Fact]
    public async Task Auth_may_be_as_deep_as_MaxJsonDepth()
    {
        await using var host = await TestHost.StartAsync(
            io => io.On("auth", (ISocket socket) => socket.Handshake.Auth.GetProperty("a").GetArrayLength()), options => options.MaxJsonDepth = 200);
        await using var client = await SocketClient.ConnectAsync(host);

        Wire.IdOf(await client.AskAsync($$"""40{"a":{{new string('[', 199)}}{{new string(']', 199)}}}"""));

        Assert.Equal("431[1]", await client.AskAsync("""421["auth"]"""));
    }

    [Fact]
    public async Task A9_A_packet_of_MessagePack_is_read_so_too()
    {
        await using var host = await TestHost.StartAsync(HostOfAll.Map, options => options.Parser = PacketParser.MessagePack);
        await using var client = await SocketClient.ConnectAsync(host);
        // {type:0,nsp:"/"}
        await client.AskBytesAsync("82 a474797065 00 a36e7370 a12f");

        // {type:2,nsp:"/",id:1,data:["object",{a:1,a:2}]}
        var answer = await client.AskBytesAsync("84 a474797065 02 a36e7370 a12f a26964 01 a464617461 92 a66f626a656374 82 a161 01 a161 02");
        Assert.Contains(Convert.ToHexStringLower("invalid arguments"u8), answer, StringComparison.Ordinal);

        // {type:2,type:2,nsp:"/"}
        Assert.Equal("closed 1000", await client.AskBytesAsync("83 a474797065 02 a474797065 02 a36e7370 a12f"));
    }

    // ATTACKS A10: half a character, wherever a text may stand, is U+FFFD: no getter throws, and the value can be written again.
    [Theory]
    [InlineData("node")]
    [InlineData("nodes")]
    [InlineData("element")]
    [InlineData("elements")]
    [InlineData("map")]
    [InlineData("any")]
    [InlineData("object")]
    public async Task A10_Half_a_character_is_replaced_wherever_it_stands(string type)
    {
        await using var client = await SocketClient.JoinAsync(all.Host);

        var answer = await client.AskAsync($$"""421["{{type}}",{"\ud800":"\udfff","b":["x\ud83d","\ud83d\ude00"]}]""");

        Assert.Equal("""431[{"FFFD":"FFFD","b":["xFFFD","😀"]}]""".Replace("FFFD", "\ufffd", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task A10_Half_a_character_in_auth_and_name_is_replaced()
    {
        await using var host = await TestHost.StartAsync(io => io.On("auth", (ISocket socket) => socket.Handshake.Auth.GetProperty("t").GetString()).On("\ufffd", () => 1));
        await using var client = await SocketClient.ConnectAsync(host);

        Wire.IdOf(await client.AskAsync("""40{"t":"\udfff"}"""));

        Assert.Equal("431[\"\ufffd\"]", await client.AskAsync("""421["auth"]"""));
        Assert.Equal("432[1]", await client.AskAsync("""422["\ud800"]"""));
    }

    public sealed class HostOfAll : IAsyncLifetime
    {
        public static readonly string[] Names =
        [
            "object", "node", "nodes", "element", "elements", "any", "document", "map", "intMap", "sorted", "immutable", "record", "class", "extra",
        ];

        public TestHost Host { get; private set; } = null!;

        public static void Map(SocketEndpointBuilder io)
        {
            io.OnPing();
            io.On("object", (JsonObject value) => value)
                .On("node", (JsonNode value) => value)
                .On("nodes", (JsonNode?[] all) => all[0])
                .On("element", (JsonElement value) => value)
                .On("elements", (JsonElement[] all) => all[0])
                .On("any", (object value) => value)
                .On("document", (JsonDocument value) => value.RootElement)
                .On("map", (Dictionary<string, object> value) => value)
                .On("intMap", (Dictionary<string, int> value) => value)
                .On("sorted", (SortedDictionary<string, JsonNode> value) => value)
                .On("immutable", (ImmutableDictionary<string, JsonElement> value) => value)
                .On("record", (Note value) => value)
                .On("class", (Anything value) => value.Data)
                .On("extra", (Extra value) => value.More!.Count);
        }

        public async ValueTask InitializeAsync() => Host = await TestHost.StartAsync(Map);

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    public sealed record Note(int Data);

    public sealed class Anything
    {
        public JsonNode? Data { get; set; }
    }

    public sealed class Extra
    {
        [JsonExtensionData]
        public JsonObject? More { get; set; }
    }
}
