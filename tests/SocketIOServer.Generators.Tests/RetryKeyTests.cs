namespace SocketIOServer.Generators.Tests;

/// <summary>Keys of repeated events that the server would refuse when the handler is mapped.</summary>
public sealed class RetryKeyTests
{
    [Theory]
    [InlineData("[RetryKey] Guid [|key|]", "a key is a string")]
    [InlineData("[RetryKey] int? [|key|]", "a key is a string")]
    [InlineData("[RetryKey] string key, [RetryKey] string [|second|]", "one key")]
    public async Task What_cannot_be_a_key_is_found(string parameters, string advice)
    {
        await Slips.AreFoundAsync("SIO016", $$"""io.On("a", (string first, {{parameters}}) => { });""", advice);
        await Slips.AreFoundAsync("SIO016", $$"""io.OnConnected((ISocket socket) => socket.On("a", ({{parameters}}) => { }));""", advice);
        await Slips.AreFoundAsync("SIO016", $$"""class Chat : SocketController { [On("a")] public void A({{parameters}}) { } }""", advice);
    }

    [Theory]
    [InlineData("""io.OnAny((string name, [RetryKey] string [|key|]) => { });""")]
    [InlineData("""io.OnConnected(([RetryKey] string [|key|]) => { });""")]
    [InlineData("""io.OnCluster("a", ([RetryKey] string [|key|]) => { });""")]
    public Task A_key_of_what_is_no_event_of_a_client_is_found(string code) => Slips.AreFoundAsync("SIO016", code, "clients send");

    [Fact]
    public Task A_method_that_is_named_is_found_where_it_is_mapped() =>
        Slips.AreFoundAsync("SIO016", """io.On("a", [|Run|]); static void Run([RetryKey] int key) { }""", "a key is a string");

    [Fact]
    public Task Keys_of_events_are_right() => Slips.AreNoneAsync("""
        io.On("a", (string text, [RetryKey] string key) => { });
        io.On("b", ([RetryKey] string? key, ISocket socket) => { });
        class Chat : SocketController { [On("c")] public void C([RetryKey] string key) { } public void Other([RetryKey] int key) { } }
        """);
}
