namespace SocketIOServer.Generators.Tests;

/// <summary>Client interfaces that no class can be written for are told where they stand.</summary>
public sealed class ClientInterfaceTests
{
    [Theory]
    [InlineData("int [|Count|] { get; }", "only methods")]
    [InlineData("event Action [|Changed|];", "only methods")]
    [InlineData("ValueTask [|Said|]<T>(T text);", "not generic")]
    [InlineData("ValueTask [|Said|](ref int number);", "ref")]
    [InlineData("void [|Said|](string text);", "return ValueTask")]
    [InlineData("ValueTask<int> [|Said|](string text);", "return ValueTask")]
    [InlineData("ValueTask [|Disconnect|]();", "\"disconnect\" is an event of the protocol")]
    [InlineData("[On(\"connect\")] ValueTask [|Said|]();", "\"connect\" is an event of the protocol")]
    public Task A_member_that_cannot_be_emitted_is_told(string member, string why) =>
        Slips.AreFoundAsync("SIO012", $$"""io.Of<Chat>("/chat"); class Chat : SocketController<IClient> { [On("a")] public void A() { } } interface IClient { ValueTask Ok(); {{member}} }""", why);

    [Fact]
    public Task It_is_told_once_however_often_the_interface_is_named() => Slips.AreFoundAsync("SIO012", """
        app.Services.GetRequiredService<ISocketServer>().As<IClient>();
        class Chat : SocketController<IClient>;
        class Other : SocketController<IClient>;
        interface IClient { void [|Said|](); }
        """);

    [Theory]
    [InlineData("class Chat : [|SocketController<Client>|]; class Client { }", "not an interface")]
    [InlineData("class Outer { private interface IClient { ValueTask Said(); } private class Chat : [|SocketController<IClient>|]; }", "IClient is private")]
    [InlineData("file interface IClient { ValueTask Said(); } class Chat { object A(ISocketServer server) => server.[|As<IClient>|](); }", "file-local")]
    [InlineData("interface IClient<T> { ValueTask Said(T text); } class Chat<T> : [|SocketController<IClient<T>>|];", "open type parameter")]
    public Task A_type_that_cannot_describe_a_client_is_told(string code, string why) => Slips.AreFoundAsync("SIO013", code, why);

    [Fact]
    public Task Interfaces_that_can_be_written_are_right() => Slips.AreNoneAsync("""
        new Sender<IClient>().Send(app.Services.GetRequiredService<ISocketServer>());
        class Chat : SocketController<IClient> { [On("a")] public ValueTask A() => Clients.All.Said("hi", 1, 2, 3); }
        interface IClient : IBase<string> { ValueTask Said(string text, int a, int b, int c); Task<bool> Ask(CancellationToken cancel); [On("other")] Task Other(); }
        interface IBase<T> { ValueTask Base(T value); }
        sealed class Sender<T> where T : class { public void Send(ISocketServer server) => server.As<T>(); }
        """);
}
