namespace SocketIOServer.Attacks.Tests.Parser;

/// <summary>ATTACKS A14 to A18: counts, structure, numbers and namespaces at their edges.</summary>
public sealed class GrammarTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    private const string Invalid = """437[{"error":"invalid arguments"}]""";

    [Theory]
    [InlineData("45")]
    [InlineData("46")]
    [InlineData("451")]
    [InlineData("451-")]
    [InlineData("461-")]
    [InlineData("""45["a"]""")]
    [InlineData("""45-["a"]""")]
    [InlineData("""45-1-["a"]""")]
    [InlineData("""45+1-["a"]""")]
    [InlineData("""451.5-["a"]""")]
    [InlineData("""451e1-["a"]""")]
    [InlineData("""450x1-["a"]""")]
    [InlineData("""45 1-["a"]""")]
    [InlineData("""451 -["a"]""")]
    [InlineData("""451["e"]""")]
    [InlineData("""451--["e"]""")]
    [InlineData("""451-1-["e"]""")]
    [InlineData("45\u0661-[\"a\"]")]
    [InlineData("45\uff11-[\"a\"]")]
    public Task A14_an_attachment_count_is_ASCII_digits_and_a_dash(string message) => server.AttackAsync(Outcome.ParseError, [message]);

    // CVE-2020-36049: each digit made a new string.
    [Theory]
    [InlineData("45«7×900000»-[\"a\"]")]
    [InlineData("45«0×900000»-[\"a\"]")]
    [InlineData("42«7×900000»[\"a\"]")]
    [InlineData("43«7×900000»[\"a\"]")]
    public Task A15_a_number_of_900000_digits_is_refused(string message) => server.AttackAsync(Outcome.ParseError, [message]);

    [Theory]
    [InlineData("""42["x",«[],×330000»[]]""", "")]
    [InlineData("""42["x",«{"a":0},×120000»1]""", "")]
    [InlineData("""427["count",«[],×330000»[]]""", "437[330001]")]
    [InlineData("""427["count",«0,×490000»0]""", "437[490001]")]
    [InlineData("""427["list",[«{"a":0},×120000»{}]]""", "437[120001]")]
    [InlineData("""427["text",«[],×330000»[]]""", Invalid)]
    public Task A16_a_megabyte_of_structure_is_read_as_what_it_is(string message, string reply) => server.AttackAsync(reply, [message]);

    [Theory]
    [InlineData("int", "0", "437[0]")]
    [InlineData("int", "-0", "437[0]")]
    [InlineData("int", "2147483647", "437[2147483647]")]
    [InlineData("int", "2147483648", Invalid)]
    [InlineData("int", "1e999", Invalid)]
    [InlineData("int", "1.5", Invalid)]
    [InlineData("int", "«9×400»", Invalid)]
    [InlineData("int", "null", Invalid)]
    [InlineData("int", "[1]", Invalid)]
    [InlineData("int", "{}", Invalid)]
    [InlineData("int", "\"x\"", Invalid)]
    [InlineData("int", "true", Invalid)]
    [InlineData("double", "-0", "437[-0]")]
    [InlineData("double", "1e-999", "437[0]")]
    [InlineData("double", "1e308", "437[1E+308]")]
    [InlineData("double", "\"x\"", Invalid)]
    [InlineData("text", "1", Invalid)]
    [InlineData("text", "{}", Invalid)]
    [InlineData("list", "[{\"a\":\"x\"}]", Invalid)]
    [InlineData("list", "[[]]", Invalid)]
    [InlineData("bytes", "{\"_placeholder\":true,\"num\":0}", Invalid)]
    [InlineData("bytes", "\"####\"", Invalid)]
    public Task A17_an_argument_of_another_kind_is_told_and_ends_nothing(string name, string argument, string reply) =>
        server.AttackAsync(reply, [$"""427["{name}",{argument}]"""]);

    [Theory]
    [InlineData("""427["int"]""")]
    [InlineData("""427["double"]""")]
    public Task A17_so_is_one_that_is_missing(string message) => server.AttackAsync(Invalid, [message]);

    [Theory]
    [InlineData("40,")]
    [InlineData("40[]")]
    [InlineData("40\"x\"")]
    [InlineData("40null")]
    [InlineData("40true")]
    [InlineData("401")]
    [InlineData("40{")]
    [InlineData("""40{"a":1}}""")]
    [InlineData("40/chat,[]")]
    [InlineData("40/chat,1")]
    [InlineData("40/chat,1{}")]
    [InlineData("40/«a×256»,")]
    [InlineData("40/«a×100000»,")]
    [InlineData("40/«é×128»,")]
    [InlineData("41[]")]
    [InlineData("41/chat,{}")]
    [InlineData("42/chat")]
    [InlineData("42/chat,")]
    [InlineData("""42chat,["x"]""")]
    public Task A18_what_is_no_namespace_or_no_payload_of_its_packet_is_refused(string message) => server.AttackAsync(Outcome.ParseError, [message]);

    [Theory]
    [InlineData("40//,", "44//,")]
    [InlineData("40//", "44//,")]
    [InlineData("40/ ,", "44/ ,")]
    [InlineData("40/\0,", "44/\0,")]
    [InlineData("40/a\r\nb,", "44/a\r\nb,")]
    [InlineData("40/a?b=1,", "44/a?b=1,")]
    [InlineData("40/CHAT,", "44/CHAT,")]
    [InlineData("40/chat/,", "44/chat/,")]
    [InlineData("40/../chat,", "44/../chat,")]
    [InlineData("40/%63hat,", "44/%63hat,")]
    [InlineData("40/«a×255»,", "44/«a×255»,")]
    [InlineData("40/__proto__,{\"a\":1}", "44/__proto__,")]
    public Task A18_a_namespace_that_was_not_declared_is_refused_by_its_name(string message, string refusal) =>
        server.AttackAsync(Message.Expand(refusal) + """{"message":"Invalid namespace","data":{"code":"invalid_namespace"}}""", [message]);

    [Theory]
    [InlineData("40")]
    [InlineData("40/,")]
    [InlineData("40{}")]
    [InlineData("41/chat,")]
    [InlineData("41/nope")]
    [InlineData("""42/chat,["x"]""")]
    [InlineData("""42/nope,["x"]""")]
    [InlineData("""42/«a×100000»,["x"]""")]
    [InlineData("""43/chat,1["x"]""")]
    public Task A18_a_packet_for_a_namespace_that_it_is_not_in_ends_the_connection(string message) => server.AttackAsync(Outcome.ForcedClose, [message]);

    [Theory]
    [InlineData("41", """42["ping"]""")]
    public Task A18_so_does_one_for_a_namespace_that_it_has_left(params string[] messages) => LeaveAsync(messages);

    private async Task LeaveAsync(string[] messages)
    {
        foreach (var isPolling in (bool[])[false, true])
        {
            await using (var attacker = await Attacker.OpenAsync(server.Host, isPolling))
            {
                Assert.Equal(("", attacker.EndFor(Outcome.ForcedClose)), await attacker.SendAsync(messages));
                Assert.Equal("client namespace disconnect", await server.ReasonAsync(attacker.SocketId));
            }

            await server.AssertQuietAsync();
        }
    }
}
