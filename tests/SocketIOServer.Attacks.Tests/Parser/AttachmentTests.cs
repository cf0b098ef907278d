namespace SocketIOServer.Attacks.Tests.Parser;

/// <summary>ATTACKS A1 to A7: what a client may make the server keep while a binary packet is on its way.</summary>
public sealed class AttachmentTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    private const string Head = """451-["bytes",{"_placeholder":true,"num":0}]""";

    [Theory]
    [InlineData("""450-["x"]""")]
    [InlineData("""450-["x"]""", "b:01")]
    [InlineData("""450-1["bytes",{"_placeholder":true,"num":0}]""")]
    [InlineData("""460-1["x"]""")]
    [InlineData("4500-[\"x\"]")]
    [InlineData("b:01")]
    [InlineData("b:")]
    public Task A01_binary_is_kept_only_where_a_packet_waits_for_it(params string[] messages) => server.AttackAsync(Outcome.ParseError, messages);

    [Theory]
    [InlineData("""4511-["x"]""")]
    [InlineData("""4511-["x",{"_placeholder":true,"num":0}]""", "b:01")]
    [InlineData("""4599999999999-["x",{"_placeholder":true,"num":0}]""")]
    [InlineData("""452147483647-["x"]""")]
    [InlineData("""452147483648-["x"]""")]
    [InlineData("""4518446744073709551617-["x"]""")]
    [InlineData("""45«9×400»-["x"]""")]
    [InlineData("""4611-1["x"]""")]
    public Task A02_more_attachments_than_allowed_are_refused_at_the_head(params string[] messages) => server.AttackAsync(Outcome.ParseError, messages);

    [Fact]
    public Task A02_as_many_as_allowed_are_taken() => server.AttackAsync(
        "437[10]",
        ["""4510-7["count",«{"_placeholder":true,"num":0},×9»{"_placeholder":true,"num":9}]""", .. Enumerable.Repeat("b:01", 10)]);

    // CVE-2026-48804: the head alone, so that nothing is kept for one who is in no namespace.
    [Theory]
    [InlineData(Head)]
    [InlineData("""4510-["x"]""")]
    [InlineData("""4510-/chat,["x"]""")]
    [InlineData("""451-/nope,["x"]""")]
    [InlineData("""461-1["x"]""")]
    [InlineData("""42["ping"]""")]
    [InlineData("""43[1]""", """42["x"]""")]
    public async Task A03_binary_header_before_joining_closes_at_the_header(params string[] messages)
    {
        // An ack without an id is no packet at all; the others are packets, and break a rule.
        await server.AttackAsync(messages[0].StartsWith("43", StringComparison.Ordinal) ? Outcome.ParseError : Outcome.ForcedClose, messages, joins: false);
    }

    [Fact]
    public async Task A04_a_stalled_packet_ends_the_connection_after_PingTimeout()
    {
        foreach (var isPolling in (bool[])[false, true])
        {
            await using var attacker = await Attacker.OpenAsync(server.Host, isPolling);
            await attacker.PushAsync(["""4510-["x"]""", .. Enumerable.Repeat("b:01", 9)]);
            // One timer is the heartbeat's.
            await Eventually.TrueAsync(() => server.Host.Time.ArmedTimers == 3, "the server waits for the last attachment");

            await server.AdvanceAsync(TimeSpan.FromSeconds(20));

            Assert.Equal(Outcome.ParseError, await server.ReasonAsync(attacker.SocketId));
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A04_the_sum_of_all_attachments_has_a_limit()
    {
        await using (var attacker = await Attacker.OpenAsync(server.Host, isPolling: false))
        {
            var megabyte = "b:" + new string('0', 2_000_000);

            // With the head it is more than ten times MaxPayload.
            Assert.Equal(("", "88 1000"), await attacker.SendAsync(["""4510-["x"]""", .. Enumerable.Repeat(megabyte, 10)]));
            Assert.Equal(Outcome.ParseError, await server.ReasonAsync(attacker.SocketId));
        }

        await server.AssertQuietAsync();
    }

    // CVE-2022-2421. Only a whole number below the count is an index.
    [Theory]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("\"0\"")]
    [InlineData("1e9")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("0.5")]
    [InlineData("2147483648")]
    [InlineData("4294967296")]
    [InlineData("99999999999999999999")]
    [InlineData("1e999")]
    public Task A05_a_placeholder_that_names_no_attachment_is_refused(string index) =>
        server.AttackAsync(Outcome.ParseError, [$$"""451-7["count",{"_placeholder":true,"num":{{index}}}]""", "b:01"]);

    [Theory]
    [InlineData("""{"_placeholder":true}""")]
    [InlineData("""{"num":1,"_placeholder":true}""")]
    [InlineData("""[[[{"_placeholder":true,"num":7}]]]""")]
    [InlineData("""{"a":{"b":{"_placeholder":true,"num":1}}}""")]
    [InlineData("""{"_placeholder":false,"_placeholder":true,"num":1}""")]
    public Task A05_wherever_it_stands(string argument) => server.AttackAsync(Outcome.ParseError, [$"""451-7["count",{argument}]""", "b:01"]);

    [Theory]
    [InlineData("""{"num":0}""")]
    [InlineData("""{"_placeholder":"true"}""")]
    [InlineData("""{"_placeholder":false,"num":9}""")]
    [InlineData("""{"_placeholder":1,"num":9}""")]
    [InlineData("""[{"num":9}]""")]
    [InlineData("""{"_placeholder":true,"num":[0]}""")] // a placeholder is flat
    [InlineData("""{"_placeholder":true,"num":{}}""")]
    public Task A05_what_only_looks_like_one_is_an_object_like_any_other(string argument) =>
        server.AttackAsync($"437[{argument}]", [$"""451-7["echo",{argument}]""", "b:01"]);

    [Theory]
    [InlineData("437[2]", """451-7["two",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]""", "b:01")]
    [InlineData("437[3]", """452-7["two",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]""", "b:01", "b:0203")]
    [InlineData("437[1]", """452-7["bytes",{"_placeholder":true,"num":1}]""", "b:0203", "b:01")]
    [InlineData("437[0]", """451-7["count"]""", "b:01")]
    [InlineData("437[0]", """451-7["bytes",{"_placeholder":true,"num":0}]""", "b:")]
    public Task A06_one_attachment_may_be_named_twice_or_never(string reply, params string[] messages) => server.AttackAsync(reply, messages);

    [Theory]
    [InlineData(Head, """42["e"]""")]
    [InlineData(Head, "40")]
    [InlineData(Head, "41")]
    [InlineData(Head, Head)]
    [InlineData("""452-["x"]""", "b:01", """43["e"]""")]
    [InlineData(Head, "b:01", "b:02")]
    [InlineData("""42["ping"]""", "b:02")]
    public Task A07_text_within_a_binary_packet_and_binary_without_one_are_refused(params string[] messages) =>
        server.AttackAsync(Outcome.ParseError, messages);
}
