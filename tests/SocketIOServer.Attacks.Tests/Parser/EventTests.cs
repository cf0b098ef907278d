namespace SocketIOServer.Attacks.Tests.Parser;

/// <summary>ATTACKS A8 to A13: events and acks that are not what they should be.</summary>
public sealed class EventTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    [Theory]
    [InlineData("42")]
    [InlineData("4")]
    [InlineData("42[]")]
    [InlineData("42[null]")]
    [InlineData("42[true]")]
    [InlineData("42[{}]")]
    [InlineData("42[[]]")]
    [InlineData("42{}")]
    [InlineData("42\"x\"")]
    [InlineData("42null")]
    [InlineData("421")]
    [InlineData("42[")]
    [InlineData("""42["x" """)]
    [InlineData("""42["x"]]""")]
    [InlineData("""42["x"] 1""")]
    [InlineData("""42["x",]""")]
    [InlineData("""42['x']""")]
    [InlineData("""42["x",undefined]""")]
    [InlineData("""42["x",NaN]""")]
    [InlineData("""42["x",01]""")]
    [InlineData("""42["x",+1]""")]
    [InlineData("""42["x",.5]""")]
    [InlineData("""42["x",1.]""")]
    [InlineData("""42["x"/**/]""")]
    [InlineData("42[\"x\n\"]")]
    [InlineData("42[\"x\0\"]")]
    [InlineData("""42["\x"]""")]
    [InlineData("""42["\u12"]""")]
    [InlineData("""42["connect"]""")]
    [InlineData("""42["connect_error"]""")]
    [InlineData("""42["disconnect"]""")]
    [InlineData("""42["disconnecting"]""")]
    [InlineData("""42["newListener"]""")]
    [InlineData("""42["removeListener"]""")]
    [InlineData("""42["\u0063onnect"]""")]
    [InlineData("""42["disconnect","transport close"]""")]
    [InlineData("44{\"message\":\"x\"}")]
    [InlineData("47[\"x\"]")]
    [InlineData("4:[\"x\"]")]
    [InlineData("4\u0662[\"x\"]")]
    public Task A08_what_is_no_event_is_refused(string message) => server.AttackAsync(Outcome.ParseError, [message]);

    [Theory]
    [InlineData("""42["error"]""")]
    [InlineData("""42["__proto__"]""")]
    [InlineData("""42["constructor"]""")]
    [InlineData("""42["toString","x"]""")]
    [InlineData("""42[1]""")]
    [InlineData("""42[-0.5e3]""")]
    [InlineData("""42[""]""")]
    [InlineData("""42["connection"]""")]
    [InlineData("""42["Connect"]""")]
    [InlineData("""42["disconnect\u0000"]""")]
    [InlineData("""42["«x×100000»"]""")]
    public Task A08_events_that_nobody_handles_are_passed_over(string message) => server.AttackAsync("", [message]);

    // In .NET a name that comes twice throws where one looks into the object, long after it was parsed. It is refused for every type.
    [Theory]
    [InlineData("""427["echo",{"a":1,"a":2}]""", """437[{"error":"invalid arguments"}]""")]
    [InlineData("""427["count",{"a":1,"a":2}]""", """437[{"error":"invalid arguments"}]""")]
    [InlineData("""427["list",[{"a":1,"a":2}]]""", """437[{"error":"invalid arguments"}]""")]
    public Task A09_a_name_that_comes_twice_throws_nowhere(string message, string reply) => server.AttackAsync(reply, [message]);

    [Theory]
    [InlineData("""427["text","\ud800"]""", "437[\"\ufffd\"]")]
    [InlineData("""427["text","a\udc00b"]""", "437[\"a\ufffdb\"]")]
    [InlineData("""427["text","\ud83d\ude00"]""", "437[\"😀\"]")]
    [InlineData("""427["text","\ud800\ud800\udc00"]""", "437[\"\ufffd𐀀\"]")]
    [InlineData("""427["count",{"\ud800":1}]""", "437[1]")]
    [InlineData("""427["\ud800"]""", "437[{\"error\":\"no handler\"}]")]
    public Task A10_half_a_character_becomes_the_replacement(string message, string reply) => server.AttackAsync(reply, [message]);

    [Theory]
    [InlineData("«[×62»«]×62»", "")]
    [InlineData("«[×63»«]×63»", "")]
    [InlineData("«[×64»«]×64»", Outcome.ParseError)]
    [InlineData("«[×65»«]×65»", Outcome.ParseError)]
    [InlineData("«[×5000»«]×5000»", Outcome.ParseError)]
    [InlineData("«[×300000»", Outcome.ParseError)]
    [InlineData("«{\"a\":×300»1«}×300»", Outcome.ParseError)]
    [InlineData("«{\"a\":×100000»", Outcome.ParseError)]
    [InlineData("«[{\"a\":×32»1«}]×32»", Outcome.ParseError)]
    public Task A11_deep_nesting_is_refused(string argument, string outcome) => server.AttackAsync(outcome, [$"""42["x",{argument}]"""]);

    [Theory]
    [InlineData("«9×20»")]
    [InlineData("«9×400»")]
    [InlineData("9007199254740992")]
    [InlineData("9007199254740993")]
    [InlineData("18446744073709551616")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData("1.5")]
    [InlineData("0x10")]
    [InlineData("\u0663")]
    [InlineData("1,")]
    public Task A12_an_ack_id_is_ASCII_digits_up_to_2_to_the_53(string id) => server.AttackAsync(Outcome.ParseError, [$"42{id}[\"ping\"]"]);

    // A blank belongs to the JSON behind it. Node takes it for the id 0.
    [Theory]
    [InlineData("42 [\"ping\"]", "")]
    [InlineData("421 [\"ping\"]", "431[\"pong\"]")]
    public Task A12_a_blank_is_no_id(string message, string reply) => server.AttackAsync(reply, [message]);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("007", "7")]
    [InlineData("9007199254740991", "9007199254740991")]
    public Task A12_and_comes_back_as_the_same_number(string id, string same) => server.AttackAsync($"43{same}[\"pong\"]", [$"42{id}[\"ping\"]"]);

    [Theory]
    [InlineData(Outcome.ParseError, "43")]
    [InlineData(Outcome.ParseError, "43[]")]
    [InlineData(Outcome.ParseError, "431")]
    [InlineData(Outcome.ParseError, "431{}")]
    [InlineData(Outcome.ParseError, "431null")]
    [InlineData(Outcome.ParseError, "43-1[]")]
    [InlineData(Outcome.ParseError, "43«9×400»[]")]
    [InlineData("", "43999[\"x\"]")]
    [InlineData("", "430[]")]
    [InlineData("", "439007199254740991[]")]
    [InlineData("", "431[1]", "431[1]")]
    [InlineData(Outcome.ForcedClose, "43/chat,1[]")]
    [InlineData("", "43/,5[1]")]
    public Task A13_acks_that_nobody_waits_for_do_nothing(string outcome, params string[] messages) => server.AttackAsync(outcome, messages);

    [Fact]
    public async Task A13_two_thousand_of_them_too()
    {
        var acks = Enumerable.Range(0, 2_000).Select(id => $"43{id}[\"x\"]").ToArray();

        await server.AttackAsync("", acks);
    }

    // The server's question is the first of its socket, so its id is 0.
    [Theory]
    [InlineData("""420["question"]""" + "␞437[\"one\"]", """427["ask"]""", """430["one"]""", """430["two"]""")]
    [InlineData("""420["question"]""" + "␞437[\"two\"]", """427["ask"]""", """431["one"]""", """430["two"]""")]
    public Task A13_a_question_is_answered_once_and_by_its_own_id(string replies, params string[] messages) => server.AttackAsync(replies, messages);
}
