namespace SocketIOServer.Tests.Events;

/// <summary>From the arguments of an event to the parameters of its handler.</summary>
public sealed class BindingTests(BindingHost binding) : IClassFixture<BindingHost>
{
    [Theory]
    [InlineData("[\"none\"]", "[\"none\"]")]
    [InlineData("[\"none\",1,2]", "[\"none\"]")]
    [InlineData("[\"string\",\"grüß 中文\"]", "[\"grüß 中文\"]")]
    [InlineData("[\"string\",\"😀\"]", "[\"😀\"]")]
    [InlineData("[\"string\",\"\\ud83d\\ude00\"]", "[\"😀\"]")]
    // ATTACKS A10: half a character, which JavaScript may send, is delivered as U+FFFD.
    [InlineData("[\"string\",\"a\\ud83d\"]", "[\"a\ufffd\"]")]
    [InlineData("[\"string\",\"\"]", "[\"\"]")]
    [InlineData("[\"int\",-7]", "[-7]")]
    [InlineData("[\"long\",9007199254740993]", "[9007199254740993]")]
    [InlineData("[\"double\",1.5e3]", "[1500]")]
    [InlineData("[\"bool\",true]", "[true]")]
    [InlineData("[\"record\",{\"name\":\"Ann\",\"age\":7,\"more\":[]}]", "[{\"name\":\"Ann\",\"age\":7}]")]
    [InlineData("[\"record\",{\"NAME\":\"Ann\",\"Age\":7}]", "[{\"name\":\"Ann\",\"age\":7}]")]
    [InlineData("[\"array\",[1,2,3]]", "[6]")]
    [InlineData("[\"list\",[\"a\",\"b\"]]", "[\"a+b\"]")]
    [InlineData("[\"map\",{\"a\":1,\"A\":2}]", "[1]")]
    [InlineData("[\"sequence\",[4,5]]", "[9]")]
    [InlineData("[\"enum\",3]", "[3]")]
    [InlineData("[\"two\",\"a\",1]", "[1,\"a\"]")]
    [InlineData("[ \"two\" , \"a\" , 1 ]", "[1,\"a\"]")]
    [InlineData("[\"t\\u0077o\",\"a\",1]", "[1,\"a\"]")]
    public async Task Arguments_become_values(string call, string answer) => await AssertAnswerAsync(call, answer);

    [Theory]
    [InlineData("[\"element\",{\"a\":[1,null]}]", "[{\"a\":[1,null]}]")]
    [InlineData("[\"element\",null]", "[null]")]
    [InlineData("[\"elements\"]", "[0]")]
    [InlineData("[\"elements\",1,\"a\",null]", "[3,1,\"a\",null]")]
    [InlineData("[\"node\",null]", "[null]")]
    [InlineData("[\"node\",{\"a\":{}}]", "[{\"a\":{}}]")]
    [InlineData("[\"nodes\",1,[2],null]", "[1,[2],null]")]
    [InlineData("[\"nullable\",4]", "[4]")]
    [InlineData("[\"nullable\",null]", "[-1]")]
    [InlineData("[\"nullable\"]", "[-1]")]
    [InlineData("[\"maybe\",null]", "[\"nothing\"]")]
    [InlineData("[\"maybe\"]", "[\"nothing\"]")]
    [InlineData("[\"default\",1]", "[1,5,\"x\"]")]
    [InlineData("[\"default\",1,2]", "[1,2,\"x\"]")]
    [InlineData("[\"default\",1,2,\"y\"]", "[1,2,\"y\"]")]
    [InlineData("[\"mixed\",\"Ann\",2]", "[\"hello Ann 2 /\"]")]
    public async Task Raw_optional_and_given_parameters_are_filled(string call, string answer) => await AssertAnswerAsync(call, answer);

    [Theory]
    [InlineData("[\"bytes\",{\"_placeholder\":true,\"num\":0}]", "[\"0102FF\"]")]
    [InlineData("[\"stream\",{\"_placeholder\":true,\"num\":0}]", "[\"3 1\"]")]
    [InlineData("[\"memory\",{\"num\":0,\"_placeholder\":true}]", "[\"0102FF\"]")]
    [InlineData("[\"file\",{\"name\":\"a\",\"content\":{\"_placeholder\":true,\"num\":0}}]", "[\"a 0102FF\"]")]
    public async Task Binary_is_found_wherever_it_stands(string call, string answer)
    {
        await using var client = await SocketClient.JoinAsync(binding.Host);

        await client.SendAsync("451-1" + call);
        await client.SendAsync([1, 2, 255]);

        Assert.Equal("431" + answer, await client.ReadAsync());
    }

    [Theory]
    [InlineData("[\"bytes\",\"AQL/\"]", "[\"0102FF\"]")]
    [InlineData("[\"file\",{\"name\":\"a\",\"content\":\"AQL/\"}]", "[\"a 0102FF\"]")]
    public async Task Binary_may_come_as_base64(string call, string answer) => await AssertAnswerAsync(call, answer);

    [Theory]
    [InlineData("node")]
    [InlineData("nodes")]
    [InlineData("element")]
    [InlineData("elements")]
    public async Task A_name_that_stands_twice_beside_binary_is_ill_typed(string name)
    {
        await using var client = await SocketClient.JoinAsync(binding.Host);

        await client.SendAsync($$"""451-1["{{name}}",{"a":1,"a":{"_placeholder":true,"num":0} }]""");
        await client.SendAsync([1]);

        Assert.Equal("""431[{"error":"invalid arguments"}]""", await client.ReadAsync());
        Assert.Empty(binding.Host.Log.Errors);
    }

    [Fact]
    public async Task Binary_in_nodes_goes_out_as_binary_again()
    {
        await using var client = await SocketClient.JoinAsync(binding.Host);

        await client.SendAsync("""452-1["nodes",{"a":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}]""");
        await client.SendAsync([1]);
        await client.SendAsync([2]);

        Assert.Equal(
            ["""462-1[{"a":{"_placeholder":true,"num":0}},{"_placeholder":true,"num":1}]""", "b:02", "b:01"],
            await client.ReadAsync(3));
    }

    [Theory]
    [InlineData("[\"string\"]")]
    [InlineData("[\"string\",1]")]
    [InlineData("[\"string\",null]")]
    [InlineData("[\"int\",\"x\"]")]
    [InlineData("[\"int\",null]")]
    [InlineData("[\"int\",1.5]")]
    [InlineData("[\"int\",99999999999]")]
    [InlineData("[\"int\",1e999]")]
    [InlineData("[\"bool\",\"true\"]")]
    [InlineData("[\"record\",[]]")]
    [InlineData("[\"record\",null]")]
    [InlineData("[\"record\",{\"name\":\"Ann\",\"age\":\"old\"}]")]
    [InlineData("[\"two\",\"a\"]")]
    [InlineData("[\"element\"]")]
    [InlineData("[\"bytes\",5]")]
    [InlineData("[\"bytes\",\"####\"]")]
    [InlineData("[\"bytes\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("[\"nullable\",\"x\"]")]
    [InlineData("[\"default\",1,null]")]
    public async Task A_missing_or_ill_typed_argument_keeps_the_handler_from_running(string call)
    {
        await using var client = await SocketClient.JoinAsync(binding.Host);
        var before = Lines().Length;

        Assert.Equal("""431[{"error":"invalid arguments"}]""", await client.AskAsync("421" + call));
        await client.AssertAliveAsync();

        var line = Assert.Single(Lines()[before..]);
        Assert.Equal((20, Microsoft.Extensions.Logging.LogLevel.Information), (line.Id.Id, line.Level));
        Assert.Empty(binding.Host.Log.Errors);
    }

    [Theory]
    [InlineData("[\"unknown\",{\"a\":1}]")]
    [InlineData("[\"__proto__\"]")]
    [InlineData("[\"error\",\"x\"]")]
    [InlineData("[\"STRING\",\"x\"]")]
    [InlineData("[7]")]
    public async Task An_event_without_a_handler_is_answered_so(string call)
    {
        await using var client = await SocketClient.JoinAsync(binding.Host);

        Assert.Equal("""431[{"error":"no handler"}]""", await client.AskAsync("421" + call));
        await client.AssertAliveAsync();
    }

    private LogCollector.LogLine[] Lines() => [.. binding.Host.Log.Lines.Where(line => line.Id.Id is 20 or 21)];

    private async Task AssertAnswerAsync(string call, string answer)
    {
        await using var client = await SocketClient.JoinAsync(binding.Host);

        Assert.Equal("431" + answer, await client.AskAsync("421" + call));
    }
}
