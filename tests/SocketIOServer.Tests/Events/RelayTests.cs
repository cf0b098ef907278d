using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Tests.Events;

/// <summary>Binary that a handler passes on leaves as binary, and a handler whose type has no place for binary is not run with something else.</summary>
public sealed class RelayTests(RelayHost relay) : IClassFixture<RelayHost>
{
    private const string Sentence = "which cannot carry it: take JsonNode, JsonNode?[] or byte[] instead.";
    private const string Placeholder = """{"_placeholder":true,"num":0}""";
    private static readonly byte[] Sent = [1, 2, 255];

    // @ stands for the placeholder. An object that is only like one is none.
    public static readonly TheoryData<string, string> Carrying = new()
    {
        { "node", "@" }, { "node", """{"a":[1,{"b":@}],"c":null}""" }, { "nodes", "@" }, { "nodes", """@,[@],1""" }, { "value", "@" }, { "object", """{"a":{"b":@}}""" },
        { "array", "[1,[@]]" }, { "map", """{"a":@,"b":{"c":@}}""" }, { "list", "[@,2,[@]]" }, { "record", """{"body":@}""" }, { "record", """{"body":{"a":@}}""" },
        { "recordOfObject", """{"body":{"a":@}}""" }, { "rest", """{"a":@,"b":{"c":@}}""" }, { "bytes", "@" }, { "memory", "@" }, { "stream", "@" },
        { "node", """{"_placeholder":false,"num":0,"a":@}""" },
    };

    public static readonly TheoryData<string, string> Refusing = new()
    {
        { "element", "@" }, { "element", """{"a":[1,{"b":@}]}""" }, { "maybeElement", "@" }, { "elements", "@" }, { "elements", "1,[@]" }, { "elementList", "[1,@]" },
        { "elementMap", """{"a":@}""" }, { "elementRecord", """{"body":{"a":@}}""" }, { "elementRecord", """{"x":@,"body":@}""" }, { "elementRest", """{"a":@}""" },
        { "document", "@" }, { "any", "@" }, { "anyList", "[@]" }, { "anyMap", """{"a":@}""" }, { "anyRecord", """{"body":[@]}""" }, { "anyRest", """{"a":@}""" },
        { "object", "@" }, { "array", "@" }, { "recordOfObject", """{"body":@}""" }, { "head and bytes", "@,@" }, { "bytes and rest", "@,@" },
    };

    [Theory]
    [MemberData(nameof(Carrying))]
    public async Task It_leaves_a_WebSocket_as_it_came(string name, string arguments)
    {
        await using var client = await SocketClient.JoinAsync(relay.Json);

        await client.SendAsync($"451-[\"{name}\",{Fill(arguments)}]");
        await client.SendAsync(Sent);

        Assert.Equal([$"451-[\"y\",{Fill(arguments)}]", "b:0102ff"], await client.ReadAsync(2));
    }

    [Theory]
    [MemberData(nameof(Carrying))]
    public async Task It_leaves_a_poll_as_it_came(string name, string arguments)
    {
        var client = await PollingClient.JoinAsync(relay.Json);

        await client.PostAsync($"451-[\"{name}\",{Fill(arguments)}]\u001ebAQL/");

        Assert.Equal($"451-[\"y\",{Fill(arguments)}]\u001ebAQL/", await client.PollAsync());
        await client.PostAsync("1");
    }

    [Fact]
    public async Task An_object_for_further_members_is_null_where_there_are_none()
    {
        await using var client = await SocketClient.JoinAsync(relay.Json);

        await client.SendAsync($$"""451-["restOrNothing",{},{{Placeholder}}]""");
        await client.SendAsync(Sent);

        Assert.Equal([$$"""451-["y",true,{{Placeholder}}]""", "b:0102ff"], await client.ReadAsync(2));
    }

    [Theory]
    [InlineData("node", "c4030102ff")]
    [InlineData("nodes", "c4030102ff")]
    [InlineData("value", "c4030102ff")]
    [InlineData("bytes", "c4030102ff")]
    [InlineData("memory", "c4030102ff")]
    [InlineData("stream", "c4030102ff")]
    [InlineData("object", "81a161c4030102ff")]
    [InlineData("map", "81a161c4030102ff")]
    [InlineData("rest", "81a16181a162c4030102ff")]
    [InlineData("record", "81a4626f6479c4030102ff")]
    [InlineData("array", "91c4030102ff")]
    [InlineData("list", "91c4030102ff")]
    public async Task It_leaves_as_MessagePack_as_it_came(string name, string argument)
    {
        await using var client = await JoinPackedAsync();
        const string Head = "83a47479706502a36e7370a12fa46461746192";

        Assert.Equal($"b:{Head}a179{argument}", await client.AskBytesAsync(Head + Packed(name) + argument));

        var polling = await PollingClient.ConnectAsync(relay.MessagePack);
        await polling.PostAsync(Polled("82a47479706500a36e7370a12f"));
        await polling.PollAsync();
        await polling.PostAsync(Polled(Head + Packed(name) + argument));
        Assert.Equal(Polled($"{Head}a179{argument}"), await polling.PollAsync());
        await polling.PostAsync("1");
    }

    [Theory]
    [MemberData(nameof(Refusing))]
    public async Task A_type_that_cannot_carry_it_refuses_it_with_a_sentence(string name, string arguments)
    {
        await using var client = await SocketClient.JoinAsync(relay.Json);
        var before = Lines(relay.Json).Length;

        await client.SendAsync($"451-1[\"{name}\",{Fill(arguments)}]");
        await client.SendAsync(Sent);

        Assert.Equal("""431[{"error":"invalid arguments"}]""", await client.ReadAsync());
        await client.AssertAliveAsync();
        var line = Assert.Single(Lines(relay.Json)[before..]);
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Contains(Sentence, line.Text, StringComparison.Ordinal);
        Assert.Empty(relay.Json.Log.Errors);
    }

    [Theory]
    [InlineData("element", "c4030102ff")]
    [InlineData("elements", "91c4030102ff")]
    [InlineData("elementRecord", "81a4626f6479c4030102ff")]
    [InlineData("any", "c4030102ff")]
    public async Task MessagePack_is_refused_the_same(string name, string argument)
    {
        await using var client = await JoinPackedAsync();

        var answer = await client.AskBytesAsync($"84a47479706502a36e7370a12fa2696401a46461746192{Packed(name)}{argument}");

        Assert.EndsWith("9181a56572726f72b1696e76616c696420617267756d656e7473", answer, StringComparison.Ordinal);
        Assert.Contains(Lines(relay.MessagePack), line => line.Text.Contains(Sentence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("head and bytes", """{"a":1},@""", """ "{\u0022a\u0022:1} 0102FF" """)]
    [InlineData("head and bytes", """{"_placeholder":1,"num":0},@""", """ "{\u0022_placeholder\u0022:1,\u0022num\u0022:0} 0102FF" """)]
    [InlineData("bytes and rest", """@,{"a":1},2""", """ "0102FF 2" """)]
    [InlineData("element", """{"a":1},@""", """ {"a":1} """)]
    [InlineData("elementRecord", """{"x":@,"body":2}""", " 2 ")]
    [InlineData("any", """[null,{"a":1}],@""", """ [null,{"a":1}] """)]
    [InlineData("document", """{"a":{}},@""", """ {"a":{}} """)]
    public async Task Binary_in_another_place_changes_nothing(string name, string arguments, string answer)
    {
        await using var client = await SocketClient.JoinAsync(relay.Json);

        await client.SendAsync($"451-1[\"{name}\",{Fill(arguments)}]");
        await client.SendAsync(Sent);

        Assert.Equal(answer.Trim().Replace("\\u0022", "\\\"", StringComparison.Ordinal), (await client.ReadAsync())["431[".Length..^1].Replace("\\u0022", "\\\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("element")]
    [InlineData("something else")]
    public async Task Methods_of_a_class_refuse_it_too(string name)
    {
        await using var client = await SocketClient.JoinAsync(relay.Json, "/class");

        await client.SendAsync($"451-/class,1[\"{name}\",{Placeholder}]");
        await client.SendAsync(Sent);

        Assert.Equal("""43/class,1[{"error":"invalid arguments"}]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Who_only_looks_on_sees_base64()
    {
        var seen = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io
            .OnAny((JsonElement[] all) => seen.Add($"all {all[0]}"))
            .OnAny((JsonElement one, List<JsonElement> list) => seen.Add($"one {one} list {list[0]}"))
            .OnAny((object any) => seen.Add($"any {any}"))
            .AddFilter<Look>()
            .On("x", (byte[] bytes) => bytes), build: builder => builder.Services.AddSingleton(seen));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync($"451-1[\"x\",{Placeholder},[{Placeholder}]]");
        await client.SendAsync(Sent);

        Assert.Equal([$"461-1[{Placeholder}]", "b:0102ff"], await client.ReadAsync(2));
        Assert.Equal(["all AQL/", "one AQL/ list AQL/", "any AQL/", "filter AQL/"], [await seen.NextAsync(), await seen.NextAsync(), await seen.NextAsync(), await seen.NextAsync()]);
    }

    [Fact]
    public async Task An_answer_is_refused_at_the_caller()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var element = member.Socket.CallAsync<JsonElement>("a");
        var elements = member.Socket.CallAsync<JsonElement[]>("a");
        var node = member.Socket.CallAsync<JsonObject>("b");

        foreach (var (id, answer) in new[] { (0, Placeholder), (1, $"[{Placeholder}]"), (2, $"{{\"a\":{Placeholder}}}") })
        {
            await member.Client.SendAsync($"461-{id}[{answer}]");
            await member.Client.SendAsync(Sent);
        }

        Assert.Equal(Sent, (await node.Soon())["a"]!.GetValue<byte[]>());
        Assert.Contains(Sentence, (await Assert.ThrowsAnyAsync<JsonException>(() => element.Soon())).Message, StringComparison.Ordinal);
        Assert.Contains(Sentence, (await Assert.ThrowsAnyAsync<JsonException>(() => elements.Soon())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_to_a_broadcast_is_missing_and_the_log_says_why()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var call = stage.Io.CallAsync<JsonElement>("a");
        await member.Client.ReadAsync();

        await member.Client.SendAsync($"461-0[{Placeholder}]");
        await member.Client.SendAsync(Sent);

        Assert.Equal([member.Socket.Id], (await call.Soon()).Missing);
        Assert.Contains(Sentence, Assert.Single(Lines(stage.Host)).Text, StringComparison.Ordinal);
    }

    private static string Fill(string arguments) => arguments.Replace("@", Placeholder, StringComparison.Ordinal);

    private static string Packed(string name) => $"{0xa0 + name.Length:x2}{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(name))}";

    private static string Polled(string hex) => "b" + Convert.ToBase64String(Convert.FromHexString(hex));

    private static LogCollector.LogLine[] Lines(TestHost host) => [.. host.Log.Lines.Where(line => line.Text.Contains("was not handled", StringComparison.Ordinal))];

    private async Task<SocketClient> JoinPackedAsync()
    {
        var client = await SocketClient.ConnectAsync(relay.MessagePack);
        await client.AskBytesAsync("82a47479706500a36e7370a12f");
        return client;
    }

    private sealed class Look(Inbox<string> seen) : IEventFilter
    {
        public ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next)
        {
            seen.Add($"filter {context.ReadArguments()[0]}");
            return next(context);
        }
    }
}
