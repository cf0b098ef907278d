namespace SocketIOServer.Generators.Tests;

public sealed class EventNameTests
{
    [Theory]
    [InlineData("""io.On([|"connect"|], () => { });""", "OnConnected")]
    [InlineData("""io.Of("/chat").On([|"disconnect"|], () => { });""", "OnDisconnected")]
    [InlineData("""io.On([|"disconnecting"|], () => { });""", "OnDisconnecting")]
    [InlineData("""io.On([|"connect_error"|], () => { });""", "ConnectionRefusedException")]
    [InlineData("""io.On([|"newListener"|], () => { });""", "another name")]
    [InlineData("""io.On([|"removeListener"|], () => { });""", "another name")]
    [InlineData("""io.OnConnected((ISocket socket) => { socket.On([|"disconnect"|], () => { }); socket.Once([|"disconnect"|], () => { }); });""", "OnDisconnected")]
    [InlineData("""const string Name = "dis" + "connect"; io.On([|Name|], () => { });""", "OnDisconnected")]
    [InlineData("""io.On(handler: () => { }, name: [|"disconnect"|]);""", "OnDisconnected")]
    [InlineData("""io.OnConnected((ISocket socket) => socket.EmitAsync([|"disconnect"|]));""", "DisconnectAsync")]
    [InlineData("""io.OnConnected((ISocket socket) => socket.Everyone.To("a").EmitAsync([|"connect"|], 1));""", "another name")]
    [InlineData("""io.OnConnected((ISocket socket) => socket.EmitArgsAsync([|"connect_error"|], [1, 2]));""", "ConnectionRefusedException")]
    [InlineData("""io.OnConnected((ISocketServer server) => server.Of("/").CallAsync<int>([|"disconnecting"|]));""", "DisconnectAsync")]
    [InlineData("""io.OnConnected((ISocket socket) => socket.CallAsync([|"connect"|]));""", "another name")]
    [InlineData("""sealed class Chat : SocketController { [[|On("connect")|]] public void Come() { } }""", "OnConnectedAsync")]
    public Task A_name_of_the_protocol_is_told_what_to_use_instead(string code, string instead) => Slips.AreFoundAsync("SIO003", code, instead);

    [Theory]
    [InlineData("""io.On([|"connection"|], (ISocket socket) => { });""")]
    [InlineData("""sealed class Chat : SocketController { [[|On("connection")|]] public void Come() { } }""")]
    public Task So_is_the_event_of_a_Node_server(string code) => Slips.AreFoundAsync("SIO009", code, "OnConnected");

    [Fact]
    public Task Other_names_are_free() => Slips.AreNoneAsync("""
        io.On("Disconnect", () => { }).On("disconnect me", (string name, ISocket socket) => { socket.Off("disconnect"); return socket.EmitAsync(name, "disconnect"); })
            .On("state", (ISocket socket) => socket.EmitAsync("connection"))
            .On("rooms", (ISocket socket) => socket.To("disconnect").SendAsync("connect"));
        """);

    // A typed client has no literal to look at: the generator refuses to write the method.
    [Theory]
    [InlineData("ValueTask Disconnect();")]
    [InlineData("ValueTask DisconnectAsync();")]
    [InlineData("""[On("connect_error")] ValueTask Fail(string why);""")]
    public async Task A_typed_client_with_such_a_method_does_not_compile(string method)
    {
        var compilation = PackageCompiler.Compile($$"""
            using System.Threading.Tasks;
            using SocketIOServer;
            public interface IClient { {{method}} }
            public sealed class Chat : SocketController<IClient> { [On("a")] public void A() { } }
            """);

        var fault = Assert.Single(await PackageCompiler.DiagnoseAsync(compilation), fault => fault.Id == "SIO012");
        Assert.Contains("is an event of the protocol", fault.GetMessage(null), StringComparison.Ordinal);
    }
}
