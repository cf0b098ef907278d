using System.Text.Json;
using System.Text.Json.Nodes;

namespace SocketIOServer.Tests.Acks;

/// <summary>CallAsync: an event of the server, and the client's answer.</summary>
public sealed class CallTests
{
    [Fact]
    public async Task A_call_is_an_event_with_an_id_and_its_answer_the_result()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        var call = member.Socket.CallAsync<string>("question", new { a = 1 });
        Assert.Equal("""420["question",{"a":1}]""", await member.ReadAsync());
        await member.Client.SendAsync("""430["answer","and more"]""");

        Assert.Equal("answer", await call.Soon());
    }

    [Fact]
    public async Task Ids_count_from_zero_for_each_socket()
    {
        await using var stage = await Stage.StartAsync();
        var one = await stage.JoinAsync();
        var two = await stage.JoinAsync("/chat");

        _ = one.Socket.CallAsync("a");
        _ = one.Socket.CallAsync("b", null);
        _ = two.Socket.CallAsync("c");

        Assert.Equal(["""420["a"]""", """421["b",null]"""], await one.Client.ReadAsync(2));
        Assert.Equal("""42/chat,0["c"]""", await two.ReadAsync());
    }

    [Theory]
    [InlineData("argument")]
    [InlineData("cancelled")]
    [InlineData("disposed")]
    [InlineData("json")]
    public async Task An_answer_that_its_type_does_not_take_is_the_callers_exception_and_the_connection_lives(string fault)
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var call = member.Socket.CallAsync<Guarded>("question");
        await member.ReadAsync();

        await member.Client.SendAsync($$"""430[{"value":"{{fault}}"}]""");

        var error = await Assert.ThrowsAsync<JsonException>(() => call.Soon());
        Assert.Equal(fault, (error.InnerException ?? error).Message);
        await member.Client.AssertAliveAsync();
        Assert.Empty(stage.Host.Log.Errors);
    }

    [Fact]
    public async Task Calls_may_be_answered_in_another_order()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var first = member.Socket.CallAsync<int>("first");
        var second = member.Socket.CallAsync<int>("second");

        await member.Client.SendAsync("431[2]", "430[1]");

        Assert.Equal((1, 2), (await first.Soon(), await second.Soon()));
    }

    [Fact]
    public async Task A_call_without_a_result_ends_with_any_answer()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var empty = member.Socket.CallAsync("a");
        var full = member.Socket.CallAsync("b");

        await member.Client.SendAsync("430[]", "431[{},[]]");

        await empty.Soon();
        await full.Soon();
    }

    [Fact]
    public async Task An_answer_that_is_not_there_is_read_as_null()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var call = member.Socket.CallAsync<string?>("a");

        await member.Client.SendAsync("430[]");

        Assert.Null(await call.Soon());
    }

    [Fact]
    public async Task Binary_travels_both_ways()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        var call = member.Socket.CallAsync<byte[]>("question", new byte[] { 1, 2 });
        Assert.Equal(["""451-0["question",{"_placeholder":true,"num":0}]""", "b:0102"], await member.Client.ReadAsync(2));
        await member.Client.SendAsync("""461-0[{"_placeholder":true,"num":0}]""");
        await member.Client.SendAsync([3, 4]);

        Assert.Equal([3, 4], await call.Soon());
    }

    // As in the handler of an event, where JsonNode has binary as a value of byte[].
    [Fact]
    public async Task Binary_in_a_raw_answer_is_no_placeholder()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var node = member.Socket.CallAsync<JsonNode>("b");

        await member.Client.SendAsync("""461-0[{"_placeholder":true,"num":0}]""");
        await member.Client.SendAsync([1, 2, 255]);

        Assert.Equal([1, 2, 255], (await node.Soon()).GetValue<byte[]>());
    }

    [Theory]
    [InlineData("430[\"x\"]")]
    [InlineData("430[null]")]
    [InlineData("430[{}]")]
    [InlineData("430[]")]
    public async Task An_answer_of_another_type_is_an_error_at_the_caller(string answer)
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var call = member.Socket.CallAsync<int>("question");
        await member.ReadAsync();

        await member.Client.SendAsync(answer);

        await Assert.ThrowsAsync<JsonException>(() => call.Soon());
        await member.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task Half_a_character_or_broken_base64_is_no_crash()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var text = member.Socket.CallAsync<string>("a");
        var bytes = member.Socket.CallAsync<byte[]>("b");

        await member.Client.SendAsync("430[\"\\ud800\"]", "431[\"####\"]");

        Assert.Equal("\ufffd", await text.Soon());
        await Assert.ThrowsAsync<JsonException>(() => bytes.Soon());
    }

    [Fact]
    public async Task A_call_that_nobody_answers_ends_in_its_time()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var mine = member.Socket.CallAsync<int>("a", timeout: TimeSpan.FromSeconds(5));
        var usual = member.Socket.CallAsync<int>("b");
        await member.Client.ReadAsync(2);

        stage.Host.Time.Advance(TimeSpan.FromSeconds(5));

        var late = await Assert.ThrowsAsync<TimeoutException>(() => mine.Soon());
        Assert.Equal($"Socket {member.Id} in / did not answer \"a\" within 5 s.", late.Message);
        Assert.False(usual.IsCompleted);
    }

    [Fact]
    public async Task AckTimeout_is_the_usual_time()
    {
        await using var stage = await Stage.StartAsync(options: options => options.AckTimeout = TimeSpan.FromSeconds(3));
        var member = await stage.JoinAsync();
        var call = member.Socket.CallAsync<int>("a");

        stage.Host.Time.Advance(TimeSpan.FromSeconds(3));

        await Assert.ThrowsAsync<TimeoutException>(() => call.Soon());
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_ignored()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var call = member.Socket.CallAsync<int>("a", timeout: TimeSpan.FromSeconds(5));
        await member.ReadAsync();
        stage.Host.Time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<TimeoutException>(() => call.Soon());

        await member.Client.SendAsync("430[1]");

        await member.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task A_call_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var call = member.Socket.CallAsync<int>("a", cancel: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
    }

    [Fact]
    public async Task A_call_with_a_name_of_the_protocol_throws()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

#pragma warning disable SIO003 // What a name that is no constant gets.
        await Assert.ThrowsAsync<ArgumentException>(() => member.Socket.CallAsync<int>("disconnect"));
#pragma warning restore SIO003
        await member.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task A_call_with_an_argument_that_cannot_be_sent_throws_and_is_forgotten()
    {
        await using var stage = await Stage.StartAsync(options: options => options.MaxPendingAcks = 1);
        var member = await stage.JoinAsync();
        var cyclic = new List<object>();
        cyclic.Add(cyclic);

        await Assert.ThrowsAsync<JsonException>(() => member.Socket.CallAsync<int>("a", cyclic));

        _ = member.Socket.CallAsync<int>("b");
        Assert.Equal("""420["b"]""", await member.ReadAsync());
    }
}
