namespace SocketIOServer.Generators.Tests;

public sealed class AnonymousObjectTests
{
    private static readonly Dictionary<string, string> Aot = new() { ["build_property.EnableAotAnalyzer"] = "true" };

    [Theory]
    [InlineData("""io.OnConnected((ISocket socket) => socket.EmitAsync("a", [|new { n = 1 }|]));""")]
    [InlineData("""io.OnConnected((ISocket socket) => socket.Everyone.EmitAsync("a", 1, [|new { n = 1 }|]));""")]
    [InlineData("""io.OnConnected((ISocket socket) => socket.EmitArgsAsync("a", [1, [|new { n = 1 }|]]));""")]
    [InlineData("""io.OnConnected((ISocketServer server) => { var body = new { n = 1 }; return server.SendAsync([|body|]); });""")]
    [InlineData("""io.OnConnected((ISocket socket) => socket.CallAsync<int>("a", [|new { n = 1 }|]));""")]
    public Task An_anonymous_object_in_a_program_for_AOT_is_found(string code) => Slips.AreFoundAsync("SIO010", code, "JsonSerializerContext", Aot);

    [Fact]
    public Task A_record_is_right() => Slips.AreNoneAsync("""
        io.OnConnected((ISocket socket) => socket.EmitAsync("a", new Note(1)));
        record Note(int N);
        """, Aot);

    [Fact]
    public Task With_reflection_it_may_be_sent() => Slips.AreNoneAsync("""io.OnConnected((ISocket socket) => socket.EmitAsync("a", new { n = 1 }));""");
}
