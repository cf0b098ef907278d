namespace SocketIOServer.Generators.Tests;

public sealed class CallTests
{
    [Theory]
    [InlineData("""io.OnConnected((ISocket socket) => socket.CallAsync<int>("a", [|TimeSpan.FromSeconds(5)|]));""")]
    [InlineData("""io.OnConnected((ISocket socket) => socket.CallAsync("a", [|TimeSpan.FromSeconds(5)|]));""")]
    [InlineData("""io.OnConnected((ISocket socket, CancellationToken gone) => socket.CallAsync<int>("a", [|TimeSpan.FromSeconds(5)|], gone));""")]
    [InlineData("""io.OnConnected((ISocketServer server) => { TimeSpan? time = null; return server.CallAsync<int>("a", [|time|]); });""")]
    [InlineData("""io.OnConnected((ISocketServer server) => server.To("x").CallAsync<int>("a", [|TimeSpan.Zero|]));""")]
    public Task A_time_that_may_be_argument_or_timeout_is_found(string code) => Slips.AreFoundAsync("SIO015", code, "Write arg: or timeout:");

    [Fact]
    public Task A_token_in_the_place_of_the_argument_is_found() => Slips.AreFoundAsync(
        "SIO015", """io.OnConnected((ISocket socket, CancellationToken gone) => socket.CallAsync<int>("a", [|gone|], TimeSpan.Zero));""", "Write arg: or cancel:");

    [Theory]
    [InlineData("""socket.CallAsync<int>("a", timeout: TimeSpan.FromSeconds(5))""")]
    [InlineData("""socket.CallAsync<int>("a", arg: TimeSpan.FromSeconds(5))""")]
    [InlineData("""socket.CallAsync<int>("a", 1, TimeSpan.FromSeconds(5))""")]
    [InlineData("""socket.CallAsync<int>("a", null, TimeSpan.FromSeconds(5))""")]
    [InlineData("""socket.CallAsync<int>("a", null)""")]
    [InlineData("""socket.CallAsync<int>("a", gone)""")]
    [InlineData("""socket.CallAsync<int>("a", 1, gone)""")]
    [InlineData("""socket.Everyone.CallAsync<int>("a", gone)""")]
    public Task What_means_one_thing_alone_is_right(string call) =>
        Slips.AreNoneAsync($"io.OnConnected((ISocket socket, CancellationToken gone) => {call});");

    [Fact]
    public Task A_default_is_found() => Slips.AreFoundAsync("SIO015", """io.OnConnected((ISocket socket) => socket.CallAsync<int>("a", [|default|]));""", "Write arg: or cancel:");
}
